import { NotAsked, Stuck } from '../endings.mjs';
import { seen } from '../seen.mjs';
import { verified } from '../sign-in-challenge.mjs';
import { succeeded } from '../succeeded.mjs';
import { among } from './question.mjs';

/** @typedef {import('../run.mjs').Run} Run */

/**
 * @param {Run} run
 * @param {string} challengeId
 * @param {string} userId
 */
export function claim(run, challengeId, userId) {
  return run.service.server('POST', '/claim', { challengeId, userId });
}

/** @param {Run} run */
function claimed(run) {
  return run.once('claimed', async () => {
    const { challengeId } = await verified(run);
    const userId = run.users.next();
    const answer = succeeded(await claim(run, challengeId, userId));
    return { challengeId, userId, token: String(answer.body.token) };
  });
}

/**
 * The same challenge claimed by the same user again, and then by another.
 * @param {Run} run
 */
function claimedAgain(run) {
  return run.once('claimed again', async () => {
    const { challengeId, userId } = await claimed(run);
    const bySame = await claim(run, challengeId, userId);
    return { bySame, byOther: await claim(run, challengeId, run.users.next()) };
  });
}

/** @type {readonly import('./question.mjs').Question[]} */
export const CLAIM_QUESTIONS = [
  {
    id: 'claim-enrols',
    section: '10.14',
    asks: 'Does /claim give its user the number as an authenticator, or as a verified number?',
    needs: ['phone', 'codes'],
    switch: 'claimEnrols',
    ask: async (run) => {
      const { userId } = await claimed(run);
      const answer = succeeded(await run.service.server('GET', `/users/${userId}`));
      const { isEnrolled, phoneNumberVerified } = answer.body;
      const isNothing = isEnrolled === false && phoneNumberVerified !== true;
      return {
        value: isEnrolled === true ? true : isNothing ? false : undefined,
        seen: [seen(answer)],
      };
    },
  },
  {
    id: 'validate-once',
    section: '10.1',
    asks: 'Is the token of a completed challenge good for one /validate only?',
    needs: ['phone', 'codes'],
    switch: 'validateOnce',
    ask: async (run) => {
      const { token } = await claimed(run);
      const once = await run.service.server('POST', '/validate', { token });
      if (once.body.isValid !== true) {
        throw new Stuck(`a claimed token is not valid: ${seen(once)}`);
      }
      const twice = await run.service.server('POST', '/validate', { token });
      const isRefused = isRefusal(twice) || (twice.status === 200 && twice.body.isValid === false);
      const isGoodAgain = twice.status === 200 && twice.body.isValid === true;
      const value = isRefused ? true : isGoodAgain ? false : undefined;
      return { value, seen: [`first ${seen(once)}`, `then ${seen(twice)}`] };
    },
  },
  {
    id: 'claim-again',
    section: '10.2',
    asks: 'Who may claim a claimed challenge?',
    needs: ['phone', 'codes'],
    switch: 'claimAgain',
    ask: async (run) => {
      const { bySame, byOther } = await claimedAgain(run);
      const outcome = [bySame, byOther].map(takenOrRefused).join(', ');
      const value = among(outcome, {
        'taken, taken': 'any-user',
        'taken, refused': 'same-user',
        'refused, refused': 'never',
      });
      return { value, seen: [`same user ${seen(bySame)}`, `another ${seen(byOther)}`] };
    },
  },
  {
    id: 'claim-of-another',
    section: '10.2',
    asks: 'Which status has /claim for a challenge that another user has claimed?',
    needs: ['phone', 'codes'],
    switch: 'claimErrorStatus',
    ask: async (run) => {
      const { byOther } = await claimedAgain(run);
      if (byOther.status === 200) throw new NotAsked('another user may claim it');
      return { value: byOther.status, seen: [seen(byOther)] };
    },
  },
];
/** @param {import('../answer.mjs').Answer} answer */
function isRefusal({ status }) {
  return status >= 400 && status < 500;
}

/** @param {import('../answer.mjs').Answer} answer */
function takenOrRefused(answer) {
  return answer.status === 200 ? 'taken' : isRefusal(answer) ? 'refused' : 'neither';
}
