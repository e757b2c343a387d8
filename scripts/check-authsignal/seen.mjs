/** The values that may be shown: words of the protocol, never what they are about. */
const SHOWN = [
  'error',
  'errorCode',
  'isValid',
  'isVerified',
  'failureReason',
  'state',
  'isEnrolled',
  'phoneNumberVerified',
  'verificationMethod',
];

/**
 * An answer as reports show it: the status, the names in the body, and the words of the protocol.
 * @param {import('./answer.mjs').Answer} answer
 */
export function seen({ status, body, retryAfter }) {
  const keys = Object.keys(body).sort().join(', ');
  const values = SHOWN.filter((name) => body[name] !== undefined && !isObject(body[name])).map(
    (name) => `${name}=${JSON.stringify(body[name])}`,
  );
  const wait = retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`];
  return [String(status), `{${keys}}`, ...values, ...wait].join(' ');
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}
