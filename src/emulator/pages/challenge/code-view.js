import { CodeForm } from './code-form.js';
import { View } from './view.js';
import { channelOf, titleOf, troubleOf } from './wording.js';

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
    verify: (code) => verify(flow, view, form, method, code),
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
 * @param {View} view
 * @param {CodeForm} form
 * @param {import('./session.js').Method} method
 * @param {string} code
 */
async function verify(flow, view, form, method, code) {
  // The answer before was lost: that code may have counted, and would not count again.
  if (form.isUnsure && (await hasCounted(flow))) {
    if (view.isShown) await flow.start();
    return;
  }
  const answer = await flow.authsignal.verify(method, code);
  if (!view.isShown || flow.end(answer)) return;
  if (answer.kind !== 'answered') {
    form.failed(troubleOf(answer), answer);
    return;
  }
  const { isVerified, accessToken, failureReason } = answer.body;
  if (isVerified === true && typeof accessToken === 'string') flow.succeed(accessToken);
  else if (isVerified === false) form.refused(failureReason === 'MAX_ATTEMPTS_EXCEEDED');
  else form.failed(troubleOf({ kind: 'unreachable' }), { kind: 'unreachable' });
}

/** @param {import('./flow.js').Flow} flow */
async function hasCounted(flow) {
  const answer = await flow.authsignal.session();
  return answer.kind === 'answered' && answer.body.sent === undefined;
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
