import { NotAsked, Stuck } from '../endings.mjs';
import { NOBODYS_PHONE, succeeded, typed } from '../run.mjs';
import { seen } from '../seen.mjs';
import { among } from './question.mjs';

/**
 * @typedef {import('../run.mjs').Run} Run
 * @typedef {import('../run.mjs').Tracked} Tracked
 */

// Two users, one message each. One is enrolled, has another number tracked, and its action allows.
// The other is not enrolled, and its action was set to CHALLENGE_REQUIRED, which any tenant can do
// without rules.

/**
 * @param {Run} run
 * @param {object} [attributes]
 */
async function enrolledAndAllowed(run, attributes) {
  const userId = run.user();
  await run.enrolWhatsApp(userId, run.phone);
  return run.trackAllowed(userId, attributes);
}

/** @param {Run} run */
function onAllow(run) {
  return run.once('challenge on ALLOW', async () => {
    const tracked = await enrolledAndAllowed(run, { phoneNumber: NOBODYS_PHONE });
    const sent = await run.sendClientChallenge(tracked, run.phone);
    const isSent = sent.answer.status === 200;
    const code = isSent ? await sent.read('or to a number that nobody has') : undefined;
    return { tracked, answer: sent.answer, isSent, code };
  });
}

/**
 * The code at the enrolled number; a refusal on ALLOW says nothing about numbers, so it is raised.
 * @param {Run} run
 */
function arrival(run) {
  return run.once('arrival', async () => {
    const allowed = await onAllow(run);
    if (allowed.isSent) return allowed;
    await run.setState(allowed.tracked, 'CHALLENGE_REQUIRED');
    const sent = await run.sendClientChallenge(allowed.tracked, run.phone);
    succeeded(sent.answer);
    return { ...sent, code: await sent.read('or to a number that nobody has') };
  });
}

/**
 * A challenge on ALLOW whose code is at hand. If the tracked number wins, that takes another user.
 * @param {Run} run
 */
async function readableOnAllow(run) {
  const allowed = await onAllow(run);
  if (!allowed.isSent || allowed.code !== undefined) return allowed;
  const tracked = await enrolledAndAllowed(run);
  const sent = await run.sendClientChallenge(tracked, run.phone);
  return { tracked, answer: sent.answer, isSent: true, code: await sent.read('another user') };
}

/** @param {Run} run */
function withoutAuthenticator(run) {
  return run.once('challenge without authenticator', async () => {
    const tracked = await run.trackAllowed(run.user(), { phoneNumber: run.phone });
    await run.setState(tracked, 'CHALLENGE_REQUIRED');
    const sent = await run.sendClientChallenge(tracked, run.phone);
    const code = sent.answer.status === 200 ? await sent.read('no authenticator') : undefined;
    return { tracked, answer: sent.answer, code };
  });
}

/**
 * A sent challenge on an action that updateAction has raised.
 * @param {Run} run
 */
async function raised(run) {
  const { tracked, answer, code } = await withoutAuthenticator(run);
  if (answer.status === 200) return { tracked, code: typed(code) };
  await run.enrolWhatsApp(tracked.userId, run.phone);
  const sent = await run.sendClientChallenge(tracked, run.phone);
  succeeded(sent.answer);
  return { tracked, code: typed(await sent.read('the same user, enrolled')) };
}

/**
 * The state that `/validate` tells once the code was handed in.
 * @param {Run} run
 * @param {{ tracked: Tracked, code: string }} challenge
 */
async function stateAfter(run, { tracked, code }) {
  const answer = await run.clientVerify(tracked, code);
  if (answer.body.isVerified !== true) {
    throw new Stuck(`the code did not verify: ${seen(answer)}`);
  }
  const after = succeeded(await run.validate(tracked));
  return { state: after.body.state, seen: [seen(answer), `then /validate ${seen(after)}`] };
}

/** @type {readonly import('./question.mjs').Question[]} */
export const CLIENT_CHALLENGE_QUESTIONS = [
  {
    id: 'client-without-phone',
    section: '10.6',
    asks: 'What does the Client API answer for a user without authenticator and number?',
    needs: [],
    fact: { is: 400 },
    ask: async (run) => {
      const tracked = await run.trackAllowed(run.user());
      await run.setState(tracked, 'CHALLENGE_REQUIRED');
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
