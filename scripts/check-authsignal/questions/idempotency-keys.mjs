import { Stuck } from '../endings.mjs';
import { randomName } from '../random-name.mjs';
import { seen } from '../seen.mjs';

/** @typedef {import('../run.mjs').Run} Run */

const DEFAULT_LENGTH = 64;
/** Nobody asks for more, and the table of lengths ends somewhere. */
const LONGEST_TRIED = 2048;
const CHARACTERS = /** @type {const} */ ({
  'letters, digits, - and _': 'aZ0-_',
  '. and ~': 'a.~z',
  ': + = and @': 'a:+=@z',
  '/ and ?': 'a/?z',
  'a space': 'a z',
  'é and 漢': 'aé漢z',
});

/**
 * @param {Run} run
 * @param {string} idempotencyKey
 */
function trackWith(run, idempotencyKey) {
  return run.once(`track with ${idempotencyKey}`, async () => {
    const userId = await run.once('user of the keys', async () => run.users.next());
    const path = `/users/${userId}/actions/${run.options.action}`;
    const answer = await run.service.server('POST', path, { idempotencyKey });
    if (answer.status !== 200 && answer.status !== 400) {
      throw new Stuck(`a key was answered with ${seen(answer)}`);
    }
    return answer.status === 200;
  });
}

/**
 * The longest accepted length between one that is and one that is not.
 * @param {Run} run
 * @param {number} accepted
 * @param {number} refused
 * @returns {Promise<number>}
 */
async function longest(run, accepted, refused) {
  if (refused - accepted <= 1) return accepted;
  const middle = Math.floor((accepted + refused) / 2);
  return (await trackWith(run, 'k'.repeat(middle)))
    ? longest(run, middle, refused)
    : longest(run, accepted, middle);
}

/**
 * @param {Run} run
 * @returns {Promise<number | undefined>} undefined if no key was refused, however long
 */
async function longestKey(run) {
  if (await trackWith(run, 'k'.repeat(DEFAULT_LENGTH))) {
    if (!(await trackWith(run, 'k'.repeat(DEFAULT_LENGTH + 1)))) return DEFAULT_LENGTH;
    const isEndless = await trackWith(run, 'k'.repeat(LONGEST_TRIED));
    return isEndless ? undefined : longest(run, DEFAULT_LENGTH + 1, LONGEST_TRIED);
  }
  if (!(await trackWith(run, 'k'))) throw new Stuck('track refuses a key of one letter');
  return longest(run, 1, DEFAULT_LENGTH);
}

/** @type {readonly import('./question.mjs').Question[]} */
export const KEY_QUESTIONS = [
  {
    id: 'idempotency-key-length',
    section: '10.16',
    asks: 'How long may an idempotencyKey be?',
    needs: [],
    switch: 'idempotencyKeyMaxLength',
    ask: async (run) => {
      const length = await longestKey(run);
      return length === undefined
        ? { value: LONGEST_TRIED, seen: [`${LONGEST_TRIED} are accepted; longer was not tried`] }
        : { value: length, seen: [`${length} are accepted, ${length + 1} are not`] };
    },
  },
  {
    id: 'idempotency-key-characters',
    section: '10.16',
    asks: 'Of which characters may an idempotencyKey be?',
    needs: [],
    switch: 'idempotencyKeyCharacters',
    ask: async (run) => {
      /** @type {string[]} */
      const accepted = [];
      /** @type {string[]} */
      const refused = [];
      for (const [name, sample] of Object.entries(CHARACTERS)) {
        ((await trackWith(run, sample)) ? accepted : refused).push(name);
      }
      const [urlSafe, safeToo] = Object.keys(CHARACTERS);
      const isUrlSafe = accepted.join() === [urlSafe, safeToo].join();
      const value = isUrlSafe ? 'url-safe' : refused.length === 0 ? 'any' : undefined;
      const lists = [`accepted: ${accepted.join('; ') || 'none'}`];
      if (refused.length > 0) lists.push(`refused: ${refused.join('; ')}`);
      return { value, seen: lists };
    },
  },
  {
    id: 'track-again',
    section: '10.10',
    asks: 'What does track with the same idempotencyKey do, once updateAction has set BLOCK?',
    needs: [],
    switch: 'retrack',
    ask: async (run) => {
      const userId = run.users.next();
      const idempotencyKey = randomName();
      const tracked = await run.actions.trackAllowed(userId, { idempotencyKey });
      await run.actions.setState(tracked, 'BLOCK');
      const path = `/users/${userId}/actions/${run.options.action}`;
      const again = await run.service.server('POST', path, { idempotencyKey });
      return { value: retracked(again), seen: [seen(again)] };
    },
  },
];

/** @param {import('../answer.mjs').Answer} answer */
function retracked({ status, body }) {
  if (status === 409) return 'http-409';
  if (status !== 200) return undefined;
  if (body.state === 'BLOCK') return 'keep-state';
  return body.state === 'ALLOW' ? 'evaluate-again' : undefined;
}
