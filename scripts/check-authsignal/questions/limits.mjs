import { NotAsked, Stuck } from '../endings.mjs';
import { succeeded } from '../run.mjs';
import { seen } from '../seen.mjs';
import { isLimited } from '../service.mjs';

/**
 * @typedef {import('../run.mjs').Run} Run
 * @typedef {import('../service.mjs').Answer} Answer
 */

const MOST_CODES = 12;
const MOST_MESSAGES = 8;
const WRONG_CODE = '000000';

/**
 * Wrong codes for one challenge until calls are limited, or until there were enough of them.
 * @param {Run} run
 */
function wrongCodes(run) {
  return run.once('wrong codes', async () => {
    const { limitsPhone: phone } = run.options;
    const before = run.codesTriedFor(phone);
    const { tracked } = await raisedChallenge(run, phone);
    /** @type {Answer[]} */
    const answers = [];
    let state = '';
    let used = 0;
    while (answers.length < MOST_CODES) {
      const answer = await run.clientVerify(tracked, WRONG_CODE, phone, { mayBeLimited: true });
      answers.push(answer);
      if (isLimited(answer)) break;
      if (answer.body.isVerified !== false) throw new Stuck(`a wrong code: ${seen(answer)}`);
      if (used === 0 && answer.body.failureReason === 'MAX_ATTEMPTS_EXCEEDED') {
        used = answers.length;
        state = String(succeeded(await run.validate(tracked)).body.state);
      }
    }
    const last = answers.at(-1);
    const limited = last !== undefined && isLimited(last) ? last : undefined;
    return { before, tried: answers.length, used, state, limited };
  });
}

/**
 * @param {Run} run
 * @param {string} phone
 */
async function raisedChallenge(run, phone) {
  const userId = run.user();
  await run.enrolWhatsApp(userId, phone);
  const tracked = await run.track(userId);
  await run.setState(tracked, 'CHALLENGE_REQUIRED');
  const sent = await run.sendClientChallenge(tracked, phone, { mayBeLimited: true });
  if (isLimited(sent.answer)) {
    throw new NotAsked('the messages of this number are used up; give another as --limits-phone');
  }
  succeeded(sent.answer);
  return { tracked };
}

/**
 * What the attempts were, if a limit of the number did not come before.
 * @param {Run} run
 */
async function usedUp(run) {
  const result = await wrongCodes(run);
  if (result.used > 0) return result;
  if (result.limited !== undefined && result.before > 0) {
    throw new NotAsked('codes of this number are limited already; give another as --limits-phone');
  }
  return undefined;
}

/**
 * Messages to one number until they are refused, or until there were enough of them.
 * @param {Run} run
 */
function messages(run) {
  return run.once('messages', async () => {
    const { limitsPhone: phoneNumber, action } = run.options;
    await wrongCodes(run).catch(() => undefined);
    const body = { verificationMethod: 'WHATSAPP', action, phoneNumber };
    while (run.messagesTo(phoneNumber) < MOST_MESSAGES) {
      const answer = await run.challenge(body, { mayBeLimited: true });
      if (isLimited(answer)) return { sent: run.messagesTo(phoneNumber), limited: answer };
      succeeded(answer);
    }
    return { sent: run.messagesTo(phoneNumber), limited: undefined };
  });
}

/** @param {Answer | undefined} limited */
function statusOf(limited) {
  if (limited === undefined) throw new NotAsked('no limit was met');
  return { value: limited.status, seen: [seen(limited)] };
}

/** @type {readonly import('./question.mjs').Question[]} */
export const LIMIT_QUESTIONS = [
  {
    id: 'attempts-per-challenge',
    section: '10.8',
    asks: 'Which wrong code of a challenge is answered with MAX_ATTEMPTS_EXCEEDED?',
    needs: ['phone', 'limits'],
    costs: `1 message and up to ${MOST_CODES} wrong codes`,
    limit: 'attemptsPerChallenge',
    ask: async (run) => {
      const result = await usedUp(run);
      if (result !== undefined) return { value: result.used, seen: [`number ${result.used}`] };
      const { tried } = await wrongCodes(run);
      return { value: undefined, seen: [`none of ${tried}`] };
    },
  },
  {
    id: 'attempts-exceeded',
    section: '10.11',
    asks: 'What is the state of an action whose attempts are used up?',
    needs: ['phone', 'limits'],
    switch: 'attemptsExceeded',
    ask: async (run) => {
      const result = await usedUp(run);
      if (result === undefined) throw new NotAsked('the attempts were not used up');
      const value =
        result.state === 'CHALLENGE_REQUIRED'
          ? 'keep-state'
          : result.state === 'CHALLENGE_FAILED'
            ? 'challenge-failed'
            : undefined;
      return { value, seen: [`state=${result.state}`] };
    },
  },
  {
    id: 'verify-limit',
    section: '10.8',
    asks: 'How many codes may be handed in for a number before calls are limited?',
    needs: ['phone', 'limits'],
    limit: 'verifies.max',
    ask: async (run) => {
      const { before, tried, limited } = await wrongCodes(run);
      if (limited === undefined) return { value: undefined, seen: [`no limit within ${tried}`] };
      return { value: before + tried - 1, seen: [`number ${before + tried}: ${seen(limited)}`] };
    },
  },
  {
    id: 'client-rate-limit-status',
    section: '10.5',
    asks: 'Which status has the Client API beyond a rate limit?',
    needs: ['phone', 'limits'],
    switch: 'rateLimitStatus',
    ask: async (run) => statusOf((await wrongCodes(run)).limited),
  },
  {
    id: 'send-limit',
    section: '10.13',
    asks: 'How many WhatsApp messages may go to a number before calls are limited?',
    needs: ['phone', 'limits'],
    costs: `up to ${MOST_MESSAGES} messages in all to that number`,
    limit: 'sends.max',
    ask: async (run) => {
      const { sent, limited } = await messages(run);
      if (limited === undefined) return { value: undefined, seen: [`no limit within ${sent}`] };
      return { value: sent, seen: [`number ${sent + 1}: ${seen(limited)}`] };
    },
  },
  {
    id: 'server-rate-limit-status',
    section: '10.5',
    asks: 'Which status has the Server API beyond a rate limit?',
    needs: ['phone', 'limits'],
    switch: 'rateLimitStatus',
    ask: async (run) => statusOf((await messages(run)).limited),
  },
  {
    id: 'retry-after',
    section: '10.5',
    asks: 'Is there a Retry-After beyond a rate limit?',
    needs: ['phone', 'limits'],
    switch: 'retryAfter',
    ask: async (run) => {
      const { limited } = await messages(run);
      if (limited === undefined) throw new NotAsked('no limit was met');
      return { value: limited.retryAfter !== undefined, seen: [seen(limited)] };
    },
  },
];
