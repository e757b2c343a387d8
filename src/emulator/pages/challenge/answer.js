/** Longer than this nobody waits without being told. */
const PATIENCE_MS = 20_000;

/**
 * What came of a call. `unreachable`: nothing came that could be understood, so it may have been
 * carried out or not.
 * @typedef {{ kind: 'answered', body: Record<string, unknown> }
 *   | { kind: 'refused', status: number, code: string, waitMs: number | undefined }
 *   | { kind: 'unreachable' }} Answer
 */

/**
 * @param {string} token
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer>}
 */
export async function call(token, method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      // On the way back a browser would give out what it was told before.
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answerOf(response, await response.json());
  } catch {
    return { kind: 'unreachable' };
  }
}

/**
 * @param {Response} response
 * @param {unknown} body
 * @returns {Answer}
 */
function answerOf(response, body) {
  if (typeof body !== 'object' || body === null) return { kind: 'unreachable' };
  const fields = /** @type {Record<string, unknown>} */ (body);
  if (response.ok && !('error' in fields)) return { kind: 'answered', body: fields };
  const { errorCode } = fields;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'refused',
    status: response.status,
    code: typeof errorCode === 'string' ? errorCode : 'internal_error',
    waitMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  };
}
