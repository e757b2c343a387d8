import { NotAsked, Stuck } from '../endings.mjs';
import { succeeded, typed } from '../run.mjs';
import { seen } from '../seen.mjs';
import { among } from './question.mjs';

/** @typedef {import('../run.mjs').Run} Run */

// One challenge without a user, from its message to its claim. The order of the questions is the
// order of its life, so that two messages do for all of them.

/** @param {Run} run */
function first(run) {
  return run.once('first message', () => run.sendServerChallenge({}, 'a first message'));
}

/** @param {Run} run */
function resent(run) {
  return run.once('second message', async () => {
    const { challengeId } = await first(run);
    return run.sendServerChallenge({ challengeId }, 'a second one for the same challenge');
  });
}

/**
 * The first code, handed in after the second message; undefined if it is the second one as well.
 * @param {Run} run
 */
function earlierCodeTried(run) {
  return run.once('earlier code', async () => {
    const [earlier, later] = [await first(run), await resent(run)];
    const code = typed(earlier.code);
    if (code === typed(later.code)) return undefined;
    return run.verify(earlier.challengeId, code);
  });
}

/**
 * The challenge, verified, with the code that did it.
 * @param {Run} run
 */
export function verified(run) {
  return run.once('verified', async () => {
    const earlier = await first(run);
    const tried = await earlierCodeTried(run);
    if (tried?.body.isVerified === true) {
      return { challengeId: earlier.challengeId, code: typed(earlier.code) };
    }
    const { challengeId, ...later } = await resent(run);
    const code = typed(later.code);
    const answer = await run.verify(challengeId, code);
    if (answer.body.isVerified !== true) {
      throw new Stuck(`the code did not verify: ${seen(answer)}`);
    }
    return { challengeId, code };
  });
}

/**
 * @param {Run} run
 * @param {string} challengeId
 * @param {string} userId
 */
function claim(run, challengeId, userId) {
  return run.service.server('POST', '/claim', { challengeId, userId });
}

/** @param {Run} run */
function claimed(run) {
  return run.once('claimed', async () => {
    const { challengeId } = await verified(run);
    const userId = run.user();
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
    return { bySame, byOther: await claim(run, challengeId, run.user()) };
  });
}

/** @type {readonly import('./question.mjs').Question[]} */
export const SIGN_IN_QUESTIONS = [
  {
    id: 'challenge-lifetime',
    section: '10.13',
    asks: 'How long does a challenge live, in milliseconds?',
    needs: ['phone'],
    costs: '1 message, which the next questions use too',
    limit: 'challengeLifetimeMs',
    ask: async (run) => {
      const { expiresAt, at } = await first(run);
      const seconds = expiresAt - at / 1000;
      // Clocks tell whole seconds, and the message took its time.
      const minutes = Math.round(seconds / 60);
      const isWhole = Math.abs(seconds - minutes * 60) <= 15;
      return {
        value: isWhole ? minutes * 60_000 : undefined,
        seen: [`expiresAt is ${Math.round(seconds)} s ahead`],
      };
    },
  },
  {
    id: 'claim-unverified-challenge',
    section: '10.2',
    asks: 'Which status has /claim for a challenge that nobody has verified?',
    needs: ['phone'],
    switch: 'claimErrorStatus',
    ask: async (run) => {
      const answer = await claim(run, (await first(run)).challengeId, run.user());
      return { value: answer.status, seen: [seen(answer)] };
    },
  },
  {
    id: 'code-length',
    section: '10.13',
    asks: 'How many digits has a code?',
    needs: ['phone', 'codes'],
    limit: 'codeLength',
    ask: async (run) => {
      const code = typed((await first(run)).code);
      const value = /^\d+$/.test(code) ? code.length : undefined;
      return { value, seen: [`${code.length} characters`] };
    },
  },
  {
    id: 'resend-keeps-challenge',
    section: '10.9',
    asks: 'Does another send with the earlier challengeId keep it?',
    needs: ['phone'],
    costs: '1 message',
    fact: { is: 'the same challengeId' },
    ask: async (run) => {
      const isSame = (await resent(run)).challengeId === (await first(run)).challengeId;
      const value = `${isSame ? 'the same' : 'another'} challengeId`;
      return { value, seen: [value] };
    },
  },
  {
    id: 'resent-code',
    section: '10.9',
    asks: 'Does another send for the same challenge have another code?',
    needs: ['phone', 'codes'],
    switch: 'resentCode',
    ask: async (run) => {
      const isSame = typed((await first(run)).code) === typed((await resent(run)).code);
      return { value: isSame ? 'same' : 'new', seen: [`${isSame ? 'the same' : 'another'} code`] };
    },
  },
  {
    id: 'code-before-resend',
    section: '10.9',
    asks: 'Is the earlier code still good after another was sent?',
    needs: ['phone', 'codes'],
    switch: 'codeBeforeResend',
    ask: async (run) => {
      const answer = await earlierCodeTried(run);
      if (answer === undefined) throw new NotAsked('both messages carried the same code');
      return { value: goodOrNot(answer, 'valid', 'dead'), seen: [seen(answer)] };
    },
  },
  {
    id: 'verify-again',
    section: '10.3',
    asks: 'Does /verify take the right code a second time?',
    needs: ['phone', 'codes'],
    switch: 'verifyAgain',
    ask: async (run) => {
      const { challengeId, code } = await verified(run);
      const answer = await run.verify(challengeId, code);
      return { value: goodOrNot(answer, 'succeed', 'refuse'), seen: [seen(answer)] };
    },
  },
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

/** @param {import('../service.mjs').Answer} answer */
function isRefusal({ status }) {
  return status >= 400 && status < 500;
}

/** @param {import('../service.mjs').Answer} answer */
function takenOrRefused(answer) {
  return answer.status === 200 ? 'taken' : isRefusal(answer) ? 'refused' : 'neither';
}

/**
 * @template T, U
 * @param {import('../service.mjs').Answer} answer
 * @param {T} good
 * @param {U} bad
 */
function goodOrNot({ status, body }, good, bad) {
  if (status !== 200 || typeof body.isVerified !== 'boolean') return undefined;
  return body.isVerified ? good : bad;
}
