import { NotAsked, Stuck } from './endings.mjs';
import { counterpartOf, judge } from './judge.mjs';
import { QUESTIONS } from './questions/index.mjs';

/**
 * @typedef {import('./questions/question.mjs').Question} Question
 * @typedef {import('./questions/question.mjs').Need} Need
 * @typedef {import('./run.mjs').Run} Run
 *
 * One line of the report.
 * @typedef {object} Finding
 * @property {Question} question
 * @property {import('./judge.mjs').Counterpart} counterpart
 * @property {'matches' | 'differs' | 'not asked' | 'could not be asked'} result
 * @property {readonly string[]} seen
 * @property {unknown} fits
 * @property {string} reason why it was not asked; empty if it was
 */

/** @type {Readonly<Record<Need, string>>} */
const REASONS = {
  phone: 'it costs a message: give --phone',
  codes: 'it needs a code: give --i-will-type-the-codes',
  limits: 'it uses up the limits of a number: give --limits',
  wait: 'it takes about 10 minutes: give --wait',
  'blocked-action': 'it needs an action that blocks: give --blocked-action',
};

/**
 * Asks one question after the other.
 * @param {Run} run
 * @param {import('./emulator-defaults.mjs').EmulatorDefaults} defaults
 * @param {(finding: Finding) => void} found called with each as it is known
 * @throws {import('./endings.mjs').BrokenOff} if there is nobody to ask any longer
 */
export async function askAll(run, defaults, found) {
  for (const question of QUESTIONS) {
    const counterpart = counterpartOf(question, defaults);
    found({ question, counterpart, ...(await ask(run, question, counterpart)) });
  }
}

/**
 * @param {Run} run
 * @param {Question} question
 * @param {import('./judge.mjs').Counterpart} counterpart
 * @returns {Promise<Pick<Finding, 'result' | 'seen' | 'fits' | 'reason'>>}
 */
async function ask(run, question, counterpart) {
  const missing = question.needs.filter((need) => !has(run, need));
  if (missing.length > 0) {
    return left('not asked', missing.map((need) => REASONS[need]).join('; '));
  }
  try {
    const { value, seen } = await question.ask(run);
    return {
      ...judge(counterpart, value),
      seen: seen.map((line) => run.redactor.clean(line)),
      reason: '',
    };
  } catch (error) {
    if (error instanceof NotAsked) return left('not asked', run.redactor.clean(error.message));
    if (!(error instanceof Stuck)) throw error;
    return left('could not be asked', run.redactor.clean(error.message));
  }
}

/**
 * @param {'not asked' | 'could not be asked'} result
 * @param {string} reason
 */
function left(result, reason) {
  return { result, seen: [], fits: undefined, reason };
}

/**
 * @param {Run} run
 * @param {Need} need
 */
function has({ options, codes }, need) {
  switch (need) {
    case 'phone':
      return options.phone !== undefined;
    case 'codes':
      return codes !== undefined;
    case 'limits':
      return options.limits;
    case 'wait':
      return options.wait;
    case 'blocked-action':
      return options.blockedAction !== undefined;
  }
}
