/*
 * The stand-in's tokens carry the idempotency key in plain sight, so that whoever knows the key
 * has the proof. They are as long as Authsignal's own.
 */
export const TOKEN_HEAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.';
export const TOKEN_TAIL = `.${'eyJzaWduYXR1cmUiOiJub25lIn0'.repeat(16)}`;

/** @param {string} key @returns {string} */
export function tokenOf(key) {
  return TOKEN_HEAD + key + TOKEN_TAIL;
}

/** @param {string} token @returns {string} */
export function keyOf(token) {
  return token.split('.', 2)[1] ?? '';
}
