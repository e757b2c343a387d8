import { NotAsked } from '../endings.mjs';
import { seen } from '../seen.mjs';
import { MOST_CODES, MOST_MESSAGES, messages, usedUp, wrongCodes } from '../used-up-limits.mjs';

/** @typedef {import('../answer.mjs').Answer} Answer */

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
