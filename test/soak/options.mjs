import { parseArgs } from 'node:util';

export const HELP = `npm run soak -- [options]

Sends guarded requests to an Express application while Authsignal and the replay store fail, and checks from outside
that nothing runs unproven or twice, that every answer is in the contract, and that the memory stays flat. Ends with
status 1 if anything was wrong. The seed decides every draw, not the order in which requests meet.

  --requests N    guarded requests to send (100000)
  --seed N        of the faults and of what the customers do (20260101)
  --lanes N       customers at once (24)
  --break WHAT    breaks the guard to show that it would be noticed:
                  forget   the replay store forgets some used proofs
                  unbound  what is sent is not bound to the challenge
`;

/** @typedef {'forget' | 'unbound'} Breakage */

/**
 * @typedef {object} SoakOptions
 * @property {number} requests
 * @property {number} seed
 * @property {number} lanes
 * @property {Breakage | undefined} breakage
 */

/**
 * @param {readonly string[]} args
 * @returns {SoakOptions | undefined} nothing when only help is wanted
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '20260101' },
      lanes: { type: 'string', default: '24' },
      break: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  return {
    requests: wholeNumber('requests', values.requests),
    seed: wholeNumber('seed', values.seed),
    lanes: wholeNumber('lanes', values.lanes),
    breakage: breakageOf(values.break),
  };
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(`--${name} must be a whole number above 0, not "${text}".`);
  }
  return value;
}

/** @param {string | undefined} text @returns {Breakage | undefined} */
function breakageOf(text) {
  if (text === undefined || text === 'forget' || text === 'unbound') {
    return text;
  }
  throw new Error(`--break is "forget" or "unbound", not "${text}".`);
}
