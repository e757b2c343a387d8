import { NotAsked } from '../endings.mjs';
import { randomName } from '../random-name.mjs';
import { seen } from '../seen.mjs';
import { succeeded } from '../succeeded.mjs';
import { among } from './question.mjs';

/**
 * An e-mail challenge to an address that nobody has.
 * @param {import('../run.mjs').Run} run
 * @param {string} action
 */
function mailed(run, action) {
  const email = `${randomName()}@example.com`;
  return run.messages.challenge({ verificationMethod: 'EMAIL_OTP', action, email });
}

/** @type {readonly import('./question.mjs').Question[]} */
export const BLOCKED_ACTION_QUESTIONS = [
  {
    id: 'block-on-server-challenge',
    section: '10.11',
    asks: 'Does /challenge refuse an action that is blocked?',
    needs: ['blocked-action'],
    costs: '2 e-mails to addresses that nobody has',
    switch: 'blockOnServerChallenge',
    ask: async (run) => {
      if (!(await run.authenticators.enabled()).includes('EMAIL_OTP')) {
        throw new NotAsked('the portal has EMAIL_OTP switched off, and nobody is to get a message');
      }
      const { action, blockedAction = '' } = run.options;
      const tracked = await run.service.server(
        'POST',
        `/users/${run.users.next()}/actions/${blockedAction}`,
        {},
      );
      if (succeeded(tracked).body.state !== 'BLOCK') {
        throw new NotAsked(`the action of --blocked-action answers ${tracked.body.state}`);
      }
      // The same for an action that allows: what is refused there is not refused for the block.
      succeeded(await mailed(run, action));
      const answer = await mailed(run, blockedAction);
      const value = among(answer.status, { 200: 'ignore', 400: 'http-400' });
      return { value, seen: [seen(answer)] };
    },
  },
];
