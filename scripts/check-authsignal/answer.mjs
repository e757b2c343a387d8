/**
 * @typedef {object} Answer
 * @property {string} call method and path, for reports; ids are cut out
 * @property {number} status
 * @property {string} contentType without parameters, empty if there is none
 * @property {string | undefined} retryAfter
 * @property {number} at Unix milliseconds by the service's own clock
 * @property {Readonly<Record<string, unknown>>} body empty unless it is a JSON object
 * @property {readonly Readonly<Record<string, unknown>>[]} list empty unless it is a JSON array
 */

/** @param {Answer} answer */
export function isLimited({ status, body }) {
  return status === 429 || body.errorCode === 'too_many_requests';
}

/**
 * @param {string} call
 * @param {import('undici').Dispatcher.ResponseData} answer
 * @param {string} text
 * @returns {Answer}
 */
export function read(call, { statusCode, headers }, text) {
  const value = parsed(text);
  const date = Date.parse(String(headers.date));
  return {
    call,
    status: statusCode,
    contentType: String(headers['content-type'] ?? '').split(';')[0] ?? '',
    retryAfter: headers['retry-after'] === undefined ? undefined : String(headers['retry-after']),
    at: Number.isNaN(date) ? Date.now() : date,
    body: typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {},
    list: Array.isArray(value) ? value : [],
  };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The path as the API's documentation has it.
 * @param {string} path
 */
export function nameOf(path) {
  return path
    .replace(/\?.*/, '')
    .replace(/^\/users\/[^/]+/, '/users/{userId}')
    .replace(/\/actions\/[^/]+/, '/actions/{action}')
    .replace(/(\/actions\/\{action\})\/.+/, '$1/{idempotencyKey}');
}
