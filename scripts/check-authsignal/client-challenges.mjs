import { Stuck } from './endings.mjs';
import { typed } from './messages.mjs';
import { NOBODYS_PHONE } from './run.mjs';
import { seen } from './seen.mjs';
import { succeeded } from './succeeded.mjs';

/**
 * @typedef {import('./run.mjs').Run} Run
 * @typedef {import('./tracked-actions.mjs').Tracked} Tracked
 */

// Two users, one message each. One is enrolled, has another number tracked, and its action allows.
// The other is not enrolled, and its action was set to CHALLENGE_REQUIRED, which any tenant can do
// without rules.

/**
 * @param {Run} run
 * @param {object} [attributes]
 */
async function enrolledAndAllowed(run, attributes) {
  const userId = run.users.next();
  await run.authenticators.enrolWhatsApp(userId, run.phone);
  return run.actions.trackAllowed(userId, attributes);
}

/** @param {Run} run */
function onAllow(run) {
  return run.once('challenge on ALLOW', async () => {
    const tracked = await enrolledAndAllowed(run, { phoneNumber: NOBODYS_PHONE });
    const sent = await run.messages.sendClientChallenge(tracked, run.phone);
    const isSent = sent.answer.status === 200;
    const code = isSent ? await sent.read('or to a number that nobody has') : undefined;
    return { tracked, answer: sent.answer, isSent, code };
  });
}

/**
 * The code at the enrolled number; a refusal on ALLOW says nothing about numbers, so it is raised.
 * @param {Run} run
 */
export function arrival(run) {
  return run.once('arrival', async () => {
    const allowed = await onAllow(run);
    if (allowed.isSent) return allowed;
    await run.actions.setState(allowed.tracked, 'CHALLENGE_REQUIRED');
    const sent = await run.messages.sendClientChallenge(allowed.tracked, run.phone);
    succeeded(sent.answer);
    return { ...sent, code: await sent.read('or to a number that nobody has') };
  });
}

/**
 * A challenge on ALLOW whose code is at hand. If the tracked number wins, that takes another user.
 * @param {Run} run
 */
export async function readableOnAllow(run) {
  const allowed = await onAllow(run);
  if (!allowed.isSent || allowed.code !== undefined) return allowed;
  const tracked = await enrolledAndAllowed(run);
  const sent = await run.messages.sendClientChallenge(tracked, run.phone);
  return { tracked, answer: sent.answer, isSent: true, code: await sent.read('another user') };
}

/** @param {Run} run */
export function withoutAuthenticator(run) {
  return run.once('challenge without authenticator', async () => {
    const tracked = await run.actions.trackAllowed(run.users.next(), { phoneNumber: run.phone });
    await run.actions.setState(tracked, 'CHALLENGE_REQUIRED');
    const sent = await run.messages.sendClientChallenge(tracked, run.phone);
    const code = sent.answer.status === 200 ? await sent.read('no authenticator') : undefined;
    return { tracked, answer: sent.answer, code };
  });
}

/**
 * A sent challenge on an action that updateAction has raised.
 * @param {Run} run
 */
export async function raised(run) {
  const { tracked, answer, code } = await withoutAuthenticator(run);
  if (answer.status === 200) return { tracked, code: typed(code) };
  await run.authenticators.enrolWhatsApp(tracked.userId, run.phone);
  const sent = await run.messages.sendClientChallenge(tracked, run.phone);
  succeeded(sent.answer);
  return { tracked, code: typed(await sent.read('the same user, enrolled')) };
}

/**
 * The state that `/validate` tells once the code was handed in.
 * @param {Run} run
 * @param {{ tracked: Tracked, code: string }} challenge
 */
export async function stateAfter(run, { tracked, code }) {
  const answer = await run.messages.clientVerify(tracked, code);
  if (answer.body.isVerified !== true) {
    throw new Stuck(`the code did not verify: ${seen(answer)}`);
  }
  const after = succeeded(await run.actions.validate(tracked));
  return { state: after.body.state, seen: [seen(answer), `then /validate ${seen(after)}`] };
}
