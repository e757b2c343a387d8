/** @type {Readonly<Record<string, string>>} */
const BETWEEN = {
  '>': '>',
  '>=': '≥',
  '<': '<',
  '<=': '≤',
  '==': '=',
  '===': '=',
  '!=': '≠',
  '!==': '≠',
  in: 'in',
  and: 'and',
  or: 'or',
  '+': '+',
  '-': '−',
  '*': '×',
  '/': '÷',
  '%': 'modulo',
};
/** Everything else binds tighter than these: inside of another they are put in brackets. */
const LOOSE = ['and', 'or', '+', '-', '*', '/', '%'];

/**
 * JsonLogic as a person would write it; what it has no words for stays JSON.
 *
 * @param {unknown} logic
 * @param {boolean} [isInside]
 * @returns {string}
 */
export function ruleWords(logic, isInside = false) {
  if (logic === true) return 'always';
  if (logic === false) return 'never';
  return expression(logic, isInside);
}

/**
 * @param {unknown} logic
 * @param {boolean} isInside
 * @returns {string}
 */
function expression(logic, isInside) {
  if (typeof logic !== 'object' || logic === null) return JSON.stringify(logic) ?? 'nothing';
  if (Array.isArray(logic)) {
    return `[${logic.map((entry) => expression(entry, false)).join(', ')}]`;
  }
  const [operator, ...others] = Object.keys(logic);
  if (operator === undefined || others.length > 0) return JSON.stringify(logic);
  /** @type {unknown} */
  const given = Object.values(logic)[0];
  const values = Array.isArray(given) ? given : [given];
  return operation(operator, values, isInside) ?? JSON.stringify(logic);
}

/**
 * @param {string} operator
 * @param {readonly unknown[]} values
 * @param {boolean} isInside
 * @returns {string | undefined}
 */
function operation(operator, values, isInside) {
  const [first] = values;
  if (operator === 'var' && typeof first === 'string') return first === '' ? 'everything' : first;
  if (operator === '!' && values.length === 1) return `not ${expression(first, true)}`;
  if (operator === '!!' && values.length === 1) return expression(first, isInside);
  const between = BETWEEN[operator];
  if (between === undefined || values.length < 2) return undefined;
  const words = values.map((value) => expression(value, true)).join(` ${between} `);
  return isInside && LOOSE.includes(operator) ? `(${words})` : words;
}
