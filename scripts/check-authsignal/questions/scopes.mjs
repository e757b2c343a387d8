import { NotAsked } from '../endings.mjs';
import { typed } from '../messages.mjs';
import { seen } from '../seen.mjs';

/** @typedef {import('../run.mjs').Run} Run */

/**
 * Any authenticator but WhatsApp, so that a WhatsApp one would be a second one.
 * @param {Run} run
 * @param {string} userId
 */
async function enrolOther(run, userId) {
  const enabled = await run.authenticators.enabled();
  const method = ['EMAIL_OTP', 'EMAIL_MAGIC_LINK', 'SMS'].find((name) => enabled.includes(name));
  if (method === undefined) {
    throw new NotAsked('the portal has neither e-mail nor SMS switched on beside WhatsApp');
  }
  const contact =
    method === 'SMS' ? { phoneNumber: run.phone } : { email: `${userId}@example.com` };
  await run.authenticators.enrol(userId, { verificationMethod: method, ...contact });
}

/**
 * @param {Run} run
 * @param {string} userId
 */
async function enrolsWithoutScope(run, userId) {
  const sent = await run.messages.sendServerChallenge(
    { userId, scope: 'update:authenticators' },
    'a challenge whose scope does not allow to add',
  );
  const code = typed(sent.code);
  const answer = await run.messages.verify(sent.challengeId, code);
  if (answer.status === 403) return { value: 'http-403', seen: [seen(answer)] };
  const methods = await run.authenticators.methodsOf(userId);
  const list = `authenticators: ${methods.join(', ')}`;
  if (answer.body.isVerified !== true) return { value: undefined, seen: [seen(answer), list] };
  run.unclaimed = { challengeId: sent.challengeId, userId, expiresAt: sent.expiresAt };
  const value = methods.includes('WHATSAPP') ? 'enrol' : 'verify-only';
  return { value, seen: [seen(answer), list] };
}

/** @type {readonly import('./question.mjs').Question[]} */
export const SCOPE_QUESTIONS = [
  {
    id: 'missing-scope',
    section: '10.7',
    asks: 'What happens if a verified challenge has not the scope to add its authenticator?',
    needs: ['phone', 'codes'],
    costs: '1 message',
    switch: 'missingScope',
    ask: async (run) => {
      const userId = run.users.next();
      await enrolOther(run, userId);
      return enrolsWithoutScope(run, userId);
    },
  },
  {
    id: 'scope-enrols',
    section: '10.7',
    asks: 'Does /verify with add:authenticators enrol SMS too? (For WhatsApp it is documented.)',
    needs: ['phone', 'codes'],
    costs: '1 message, by SMS',
    switch: 'scopeEnrols',
    ask: async (run) => {
      if (!(await run.authenticators.enabled()).includes('SMS')) {
        throw new NotAsked('the portal has SMS switched off');
      }
      const userId = run.users.next();
      const { challengeId, expiresAt, ...sent } = await run.messages.sendServerChallenge(
        { userId, scope: 'add:authenticators', verificationMethod: 'SMS' },
        'an SMS',
      );
      const code = typed(sent.code);
      const answer = await run.messages.verify(challengeId, code);
      if (answer.body.isVerified !== true) return { value: undefined, seen: [seen(answer)] };
      run.unclaimed = { challengeId, userId, expiresAt };
      const methods = await run.authenticators.methodsOf(userId);
      const value = methods.includes('SMS') ? 'every-method' : 'whatsapp-only';
      return { value, seen: [seen(answer), `authenticators: ${methods.join(', ') || 'none'}`] };
    },
  },
];
