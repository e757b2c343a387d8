import { NotAsked } from '../endings.mjs';
import { typed } from '../messages.mjs';
import { seen } from '../seen.mjs';
import { earlierCodeTried, first, resent, verified } from '../sign-in-challenge.mjs';
import { claim } from './claims.mjs';

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
      const answer = await claim(run, (await first(run)).challengeId, run.users.next());
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
      const answer = await run.messages.verify(challengeId, code);
      return { value: goodOrNot(answer, 'succeed', 'refuse'), seen: [seen(answer)] };
    },
  },
];
/**
 * @template T, U
 * @param {import('../answer.mjs').Answer} answer
 * @param {T} good
 * @param {U} bad
 */
function goodOrNot({ status, body }, good, bad) {
  if (status !== 200 || typeof body.isVerified !== 'boolean') return undefined;
  return body.isVerified ? good : bad;
}
