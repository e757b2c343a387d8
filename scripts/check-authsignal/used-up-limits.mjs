import { isLimited } from './answer.mjs';
import { NotAsked, Stuck } from './endings.mjs';
import { seen } from './seen.mjs';
import { succeeded } from './succeeded.mjs';

/**
 * @typedef {import('./run.mjs').Run} Run
 * @typedef {import('./answer.mjs').Answer} Answer
 */

export const MOST_CODES = 12;
export const MOST_MESSAGES = 8;
const WRONG_CODE = '000000';

/**
 * Wrong codes for one challenge until calls are limited, or until there were enough of them.
 * @param {Run} run
 */
export function wrongCodes(run) {
  return run.once('wrong codes', async () => {
    const { limitsPhone: phone } = run.options;
    const before = run.messages.codesTriedFor(phone);
    const { tracked } = await raisedChallenge(run, phone);
    /** @type {Answer[]} */
    const answers = [];
    let state = '';
    let used = 0;
    while (answers.length < MOST_CODES) {
      const answer = await run.messages.clientVerify(tracked, WRONG_CODE, phone, {
        mayBeLimited: true,
      });
      answers.push(answer);
      if (isLimited(answer)) break;
      if (answer.body.isVerified !== false) throw new Stuck(`a wrong code: ${seen(answer)}`);
      if (used === 0 && answer.body.failureReason === 'MAX_ATTEMPTS_EXCEEDED') {
        used = answers.length;
        state = String(succeeded(await run.actions.validate(tracked)).body.state);
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
  const userId = run.users.next();
  await run.authenticators.enrolWhatsApp(userId, phone);
  const tracked = await run.actions.track(userId);
  await run.actions.setState(tracked, 'CHALLENGE_REQUIRED');
  const sent = await run.messages.sendClientChallenge(tracked, phone, { mayBeLimited: true });
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
export async function usedUp(run) {
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
export function messages(run) {
  return run.once('messages', async () => {
    const { limitsPhone: phoneNumber, action } = run.options;
    await wrongCodes(run).catch(() => undefined);
    const body = { verificationMethod: 'WHATSAPP', action, phoneNumber };
    while (run.messages.sentTo(phoneNumber) < MOST_MESSAGES) {
      const answer = await run.messages.challenge(body, { mayBeLimited: true });
      if (isLimited(answer)) return { sent: run.messages.sentTo(phoneNumber), limited: answer };
      succeeded(answer);
    }
    return { sent: run.messages.sentTo(phoneNumber), limited: undefined };
  });
}
