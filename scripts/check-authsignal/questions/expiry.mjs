import { Stuck } from '../endings.mjs';
import { seen } from '../seen.mjs';
import { verified } from '../sign-in-challenge.mjs';
import { decode } from '../token.mjs';
import { badTokenAnswer, earlyToken } from './tokens.mjs';

/** @typedef {import('../run.mjs').Run} Run */

const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 30_000;
/** Clocks differ, and seconds are whole. */
const MARGIN_MS = 5_000;

/**
 * Waits until the early token has expired, and the challenge with it if there is one.
 * @param {Run} run
 */
function expired(run) {
  return run.once('expired', async () => {
    const { token } = await earlyToken(run);
    const tokenEnds = Number(decode(token)?.claims.exp) * 1000;
    if (Number.isNaN(tokenEnds)) throw new Stuck('the token does not say when it expires');
    const challengeEnds = (run.unclaimed?.expiresAt ?? 0) * 1000;
    const minutes = Math.ceil((Math.max(tokenEnds, challengeEnds) - Date.now()) / 60_000);
    process.stderr.write(
      `Waiting until a challenge and a token have expired, ${minutes} minutes at most.\n`,
    );
    const isSeen = await gone(run, challengeEnds);
    // A challenge that was seen to expire has taken an earlier token with it.
    if (!isSeen || tokenEnds > challengeEnds) {
      await run.service.pause(tokenEnds + MARGIN_MS - (isSeen ? challengeEnds : Date.now()));
    }
    return token;
  });
}

/**
 * Looks for the challenge until it is no longer there, ever more seldom.
 * @param {Run} run
 * @param {number} ends
 * @returns {Promise<boolean>} whether that was seen, not only waited for
 */
async function gone(run, ends) {
  if (run.unclaimed === undefined) return false;
  const { challengeId } = run.unclaimed;
  for (
    let ms = FIRST_LOOK_MS;
    Date.now() < ends + MARGIN_MS;
    ms = Math.min(2 * ms, LONGEST_LOOK_MS)
  ) {
    await run.service.pause(ms);
    const answer = await run.service.server('GET', `/challenges?challengeId=${challengeId}`);
    if (answer.status === 200 && answer.body.challengeId === undefined) return true;
  }
  return false;
}

/** @param {Run} run */
async function expiredChallenge(run) {
  await expired(run);
  if (run.unclaimed === undefined) throw new Stuck('there is no verified challenge to wait for');
  return run.unclaimed;
}

/** @type {readonly import('./question.mjs').Question[]} */
export const EXPIRY_QUESTIONS = [
  {
    id: 'validate-expired-token',
    section: '10.1',
    asks: 'What does /validate answer to an expired token?',
    needs: ['wait'],
    switch: 'validateBadToken',
    ask: async (run) => {
      const answer = await run.service.server('POST', '/validate', { token: await expired(run) });
      return { value: badTokenAnswer(answer), seen: [seen(answer)] };
    },
  },
  {
    id: 'client-expired-token',
    section: '10.5',
    asks: 'Which status has the Client API for an expired token?',
    needs: ['wait'],
    switch: 'clientTokenErrorStatus',
    ask: async (run) => {
      const answer = await run.service.client('/challenge/whatsapp', await expired(run));
      return { value: answer.status, seen: [seen(answer)] };
    },
  },
  {
    id: 'client-expired-token-code',
    section: '10.5',
    asks: 'Which errorCode has the Client API for an expired token?',
    needs: ['wait'],
    fact: { is: 'expired_token' },
    ask: async (run) => {
      const answer = await run.service.client('/challenge/whatsapp', await expired(run));
      return { value: answer.body.errorCode, seen: [seen(answer)] };
    },
  },
  {
    id: 'claim-expired-challenge',
    section: '10.2',
    asks: 'Which status has /claim for an expired challenge?',
    needs: ['phone', 'codes', 'wait'],
    switch: 'claimErrorStatus',
    ask: async (run) => {
      const { challengeId, userId } = await expiredChallenge(run);
      const answer = await run.service.server('POST', '/claim', { challengeId, userId });
      return { value: answer.status, seen: [seen(answer)] };
    },
  },
  {
    id: 'verify-expired-challenge',
    section: '10.3',
    asks: 'What does /verify answer to the code of an expired challenge?',
    needs: ['phone', 'codes', 'wait'],
    fact: { is: '200, not verified' },
    ask: async (run) => {
      await expiredChallenge(run);
      // The sign-in's is older, and has no scope that could be an answer of its own.
      const { challengeId, code } = await verified(run);
      const answer = await run.messages.verify(challengeId, code);
      const isAsEver = answer.status === 200 && answer.body.isVerified === false;
      return { value: isAsEver ? '200, not verified' : undefined, seen: [seen(answer)] };
    },
  },
];
