/**
 * What people are told, by the `code` of an error. The first group is docs/errors.md.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const SENTENCES = {
  step_up_required: 'This needs a code. Please try again.',
  step_up_enrollment_required: 'This needs a code, and we have no number to send it to.',
  step_up_blocked: 'We do not allow this. If you think we should, call us.',
  step_up_review_pending: 'Somebody at the bank will look at this first. You will hear from us.',
  step_up_failed: 'We could not make sure that it is you.',
  step_up_consumed:
    'This was confirmed and sent already. Look at your history before you try again.',
  request_invalid: 'Something is filled in wrongly. Please check it.',
  step_up_unauthenticated: 'You are signed out. Please sign in again.',
  step_up_unavailable: 'Our service for codes does not answer right now. Try again in a moment.',
  step_up_misconfigured: 'Something is wrong on our side. We have been told.',
  otp_send_limited: 'We cannot send another code just now.',
  otp_invalid: 'That code is wrong or has expired. Check the latest message.',
  otp_attempts_exceeded: 'Too many wrong codes. Please start again later.',
  phone_invalid: 'This is not a phone number. Write it as you would dial it.',
  phone_not_allowed:
    'We cannot send codes to this number. It must be a mobile of New Zealand or Australia.',
  handle_invalid: 'The time for this code is over, or it was used. Please start again.',
  sign_in_incomplete: 'Your code was right, but signing in did not finish. No new code is needed.',

  // Of the browser helper.
  ERR_STEP_UP_CANCELLED: 'You did not confirm it.',
  ERR_STEP_UP_LOOP: 'Your confirmation did not count. Please try again.',
  ERR_STEP_UP_CHALLENGE: 'We could not send you a code. Try again in a moment.',

  // Of Authsignal, by way of the helper: why a code did not count, or none could be sent.
  CODE_INVALID_OR_EXPIRED: 'That code is wrong or has expired. Check the latest message.',
  MAX_ATTEMPTS_EXCEEDED: 'Too many wrong codes. Have another one sent.',
  too_many_requests: 'That was too often. Wait a few minutes, then try again.',
  expired_token: 'The time to confirm is over. Please start again.',
  network_error: 'The service that checks codes cannot be reached. Try again in a moment.',
  unexpected_answer: 'The service that checks codes did not answer as it should. Try again.',
  method_not_allowed: 'This must be confirmed in another way. Choose Authsignal’s page for it.',

  // Of this page.
  wrong_password: 'The username or the password is wrong.',
  signed_out: 'You are signed out. Please sign in again.',
  offline: 'You are offline. Try again when you are connected.',
  connection_lost: 'The connection broke before we heard back.',
  server_error: 'Something went wrong on our side. Try again in a moment.',
};

/** @param {unknown} error @returns {string} */
export function codeOf(error) {
  const { code, reason } = Object(error);
  if (
    code === 'ERR_STEP_UP_CHALLENGE' &&
    typeof reason === 'string' &&
    Object.hasOwn(SENTENCES, reason)
  ) {
    return reason;
  }
  return typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? code : 'server_error';
}

/** @param {unknown} error @returns {string} */
export function sentenceFor(error) {
  return sentenceOf(codeOf(error), Object(error).retryAfterMs);
}

/**
 * @param {string} code
 * @param {number} [retryAfterMs]
 * @returns {string}
 */
export function sentenceOf(code, retryAfterMs) {
  const sentence = SENTENCES[code] ?? SENTENCES.server_error ?? '';
  return code === 'otp_send_limited' && retryAfterMs !== undefined
    ? `${sentence} Try again in ${wait(retryAfterMs)}.`
    : sentence;
}

/** @param {number} ms */
function wait(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) {
    return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
