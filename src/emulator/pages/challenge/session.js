/**
 * @typedef {'WHATSAPP' | 'SMS' | 'EMAIL_OTP'} Method
 * @typedef {{ method: Method, sentTo: string }} Destination
 * @typedef {{
 *   action: string,
 *   state: string,
 *   isEnrolled: boolean,
 *   hasWindow?: boolean,
 *   codeLength: number,
 *   resendAfterMs: number,
 *   methods: Destination[],
 *   enrolment?: { methods: Method[], phoneNumber?: string },
 *   sent?: Destination & { resendInMs: number },
 *   redirectUrl?: string,
 * }} Session
 */

/**
 * An answer that something on the way has spoilt is none.
 * @param {Record<string, unknown>} body
 * @returns {Session | undefined}
 */
export function sessionOf(body) {
  const isWhole =
    typeof body.action === 'string' &&
    typeof body.state === 'string' &&
    typeof body.isEnrolled === 'boolean' &&
    typeof body.codeLength === 'number' &&
    typeof body.resendAfterMs === 'number' &&
    Array.isArray(body.methods);
  return isWhole ? /** @type {Session} */ (/** @type {unknown} */ (body)) : undefined;
}

/**
 * Whether a code is asked for: the action wants one, or the user has no authenticator yet and came
 * to get one.
 * @param {Session} session
 */
export function wantsCode({ state, isEnrolled, enrolment }) {
  return (
    state === 'CHALLENGE_REQUIRED' || (state === 'ALLOW' && !isEnrolled && enrolment !== undefined)
  );
}
