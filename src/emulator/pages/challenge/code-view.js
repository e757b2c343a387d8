import { CodeForm } from './code-form.js';
import { sessionOf } from './session.js';
import { View } from './view.js';
import { channelOf, titleOf, troubleOf } from './wording.js';

/** An answer that something on the way has spoilt. @type {import('./answer.js').Answer} */
const SPOILT = { kind: 'unreachable' };

/**
 * Asks for a code that was sent.
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Session} session
 * @param {import('./session.js').Destination} destination
 * @param {number} resendInMs
 */
export function showCode(flow, session, destination, resendInMs) {
  const view = new View('code');
  const { method, sentTo } = destination;
  view.write('title', titleOf(session.action));
  view.write('length', String(session.codeLength));
  view.write('channel', channelOf(method));
  view.write('sent-to', sentTo);
  if (!session.isEnrolled) view.write('eyebrow', 'Add your phone');
  offerAnother(view, flow, session);
  view.onPress('cancel', () => flow.giveUp());
  const form = new CodeForm(view, session.codeLength, {
    verify: (code) => verify(flow, session, view, form, method, code),
    resend: async () => {
      const answer = await flow.authsignal.send(method);
      if (!view.isShown || flow.end(answer)) return;
      if (answer.kind === 'answered') form.sentAgain(session.resendAfterMs);
      else form.notSent(troubleOf(answer), answer.kind === 'refused' ? answer.waitMs : undefined);
    },
  });
  view.show();
  form.begin(resendInMs);
}

/**
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Session} session
 * @param {View} view
 * @param {CodeForm} form
 * @param {import('./session.js').Method} method
 * @param {string} code
 */
async function verify(flow, session, view, form, method, code) {
  const answer = await flow.authsignal.verify(method, code);
  if (!view.isShown || flow.end(answer)) return;
  if (answer.kind !== 'answered') {
    form.failed(troubleOf(answer), answer);
    return;
  }
  const { isVerified, accessToken, failureReason } = answer.body;
  if (isVerified === true && typeof accessToken === 'string') flow.succeed(accessToken);
  else if (isVerified !== false) form.failed(troubleOf(SPOILT), SPOILT);
  else if (await hasCounted(flow, session)) await flow.start();
  else form.refused(failureReason === 'MAX_ATTEMPTS_EXCEEDED');
}

/**
 * Whether a code was taken that this page was told nothing of: the answer was lost and the browser
 * sent it again, or another tab was faster. It does not count twice.
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Session} before
 */
async function hasCounted(flow, before) {
  const answer = await flow.authsignal.session();
  const now = answer.kind === 'answered' ? sessionOf(answer.body) : undefined;
  if (now === undefined) return false;
  return now.state === 'CHALLENGE_SUCCEEDED' || (now.isEnrolled && !before.isEnrolled);
}

/**
 * @param {View} view
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Session} session
 */
function offerAnother(view, flow, session) {
  const other = view.part('other', HTMLButtonElement);
  if (!session.isEnrolled && session.enrolment !== undefined) {
    other.textContent = 'Use another number';
    other.addEventListener('click', () => flow.askNumber(session));
  } else if (session.methods.length > 1) {
    other.textContent = 'Send it another way';
    other.addEventListener('click', () => flow.askMethod(session));
  } else {
    other.hidden = true;
  }
}
