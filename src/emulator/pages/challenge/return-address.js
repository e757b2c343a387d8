/**
 * The address with `token` in its query. All else stays as it was written, the fragment too; a token
 * that was there before goes.
 * @param {string} address
 * @param {string} token
 */
export function withToken(address, token) {
  const mark = address.indexOf('#');
  const whole = mark < 0 ? address : address.slice(0, mark);
  const fragment = mark < 0 ? '' : address.slice(mark);
  const start = whole.indexOf('?');
  const path = start < 0 ? whole : whole.slice(0, start);
  const query = start < 0 ? '' : whole.slice(start + 1);
  const others = query.split('&').filter((pair) => pair !== '' && !isToken(pair));
  return `${path}?${[...others, `token=${encodeURIComponent(token)}`].join('&')}${fragment}`;
}

/** @param {string} pair */
function isToken(pair) {
  return new URLSearchParams(pair).has('token');
}

/**
 * No script and no file is gone to, whoever wrote the address.
 * @param {unknown} address
 * @returns {address is string}
 */
export function isWebAddress(address) {
  if (typeof address !== 'string' || !URL.canParse(address)) return false;
  return ['http:', 'https:'].includes(new URL(address).protocol);
}
