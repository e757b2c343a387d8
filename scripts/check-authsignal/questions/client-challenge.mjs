import {
  arrival,
  raised,
  readableOnAllow,
  stateAfter,
  withoutAuthenticator,
} from '../client-challenges.mjs';
import { NotAsked } from '../endings.mjs';
import { typed } from '../messages.mjs';
import { seen } from '../seen.mjs';
import { among } from './question.mjs';

/** @type {readonly import('./question.mjs').Question[]} */
export const CLIENT_CHALLENGE_QUESTIONS = [
  {
    id: 'client-without-phone',
    section: '10.6',
    asks: 'What does the Client API answer for a user without authenticator and number?',
    needs: [],
    fact: { is: 400 },
    ask: async (run) => {
      const tracked = await run.actions.trackAllowed(run.users.next());
      await run.actions.setState(tracked, 'CHALLENGE_REQUIRED');
      const answer = await run.service.client('/challenge/whatsapp', tracked.token);
      return { value: answer.status, seen: [seen(answer)] };
    },
  },
  {
    id: 'client-number',
    section: '9',
    asks: 'Where does the code go if the tracked number is not the enrolled one?',
    needs: ['phone', 'codes'],
    costs: '1 message, perhaps to a number that nobody has',
    switch: 'clientNumber',
    ask: async (run) => {
      const { answer, code } = await arrival(run);
      if (code === null) throw new NotAsked('nobody said whether its message came');
      const text = `${code === undefined ? 'nothing' : 'a message'} came to the enrolled number`;
      return { value: code === undefined ? 'tracked' : 'enrolled', seen: [seen(answer), text] };
    },
  },
  {
    id: 'challenge-on-allow',
    section: '10.16',
    asks: 'Does a challenge count that is completed on a token tracked as ALLOW?',
    needs: ['phone', 'codes'],
    switch: 'challengeOnAllow',
    ask: async (run) => {
      const { tracked, answer, isSent, code } = await readableOnAllow(run);
      if (!isSent) return { value: `http-${answer.status}`, seen: [seen(answer)] };
      const after = await stateAfter(run, { tracked, code: typed(code) });
      const value = among(after.state, { ALLOW: 'ignore', CHALLENGE_SUCCEEDED: 'count' });
      return { value, seen: after.seen };
    },
  },
  {
    id: 'client-without-authenticator',
    section: '10.6',
    asks: 'Does a user without a WhatsApp authenticator get a code at the tracked number?',
    needs: ['phone'],
    costs: '1 message',
    switch: 'clientWithoutAuthenticator',
    ask: async (run) => {
      const { answer } = await withoutAuthenticator(run);
      const value = among(answer.status, { 200: 'tracked-phone', 400: 'refuse' });
      return { value, seen: [seen(answer)] };
    },
  },
  {
    id: 'challenge-after-update',
    section: '10.16',
    asks: 'Does a challenge count after updateAction to CHALLENGE_REQUIRED?',
    needs: ['phone', 'codes'],
    switch: 'challengeAfterUpdate',
    ask: async (run) => {
      const after = await stateAfter(run, await raised(run));
      const value = among(after.state, {
        CHALLENGE_SUCCEEDED: 'count',
        CHALLENGE_REQUIRED: 'ignore',
      });
      return { value, seen: after.seen };
    },
  },
];
