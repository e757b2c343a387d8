/**
 * @typedef {import('./questions/question.mjs').Question} Question
 * @typedef {import('./emulator-defaults.mjs').EmulatorDefaults} EmulatorDefaults
 *
 * What the emulator has in the place of a question.
 * @typedef {object} Counterpart
 * @property {'switch' | 'limit' | 'fact'} kind
 * @property {string} name empty for a fact
 * @property {unknown} default
 * @property {readonly unknown[]} choices the values that the emulator knows
 * @property {boolean} isOpen whether any whole number is one, too
 */

/**
 * @param {Question} question
 * @param {EmulatorDefaults} defaults
 * @returns {Counterpart}
 */
export function counterpartOf(question, defaults) {
  if (question.switch !== undefined) {
    const choices = defaults.switches[question.switch];
    if (choices === undefined) throw new Error(`The emulator has no switch ${question.switch}.`);
    const isOpen = question.switch === 'idempotencyKeyMaxLength';
    return { kind: 'switch', name: question.switch, default: choices[0], choices, isOpen };
  }
  if (question.limit !== undefined) {
    const value = defaults.limits[question.limit];
    if (value === undefined) throw new Error(`The emulator has no limit ${question.limit}.`);
    return { kind: 'limit', name: question.limit, default: value, choices: [value], isOpen: true };
  }
  const value = question.fact?.is;
  return { kind: 'fact', name: '', default: value, choices: [value], isOpen: false };
}

/**
 * Compares what was seen with what the emulator does. A value that it does not know is none:
 * nothing is bent to fit.
 * @param {Counterpart} counterpart
 * @param {unknown} value
 * @returns {{ result: 'matches' | 'differs', fits: unknown }} `fits` is the value that would do the
 *   same, undefined if there is none
 */
export function judge(counterpart, value) {
  const { choices, isOpen } = counterpart;
  const isNumber = isOpen && Number.isSafeInteger(value) && Number(value) > 0;
  const fits = choices.includes(value) || isNumber ? value : undefined;
  return { result: fits === counterpart.default ? 'matches' : 'differs', fits };
}
