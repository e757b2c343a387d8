/** An answer of the bank other than success, or none at all. */
export class Refusal extends Error {
  /**
   * @param {string} code of docs/errors.md, or one of this page's own in sentences.js
   * @param {{ status?: number, retryAfterMs?: number, handle?: string, fields?: readonly string[] }} [more]
   */
  constructor(code, { status = 0, retryAfterMs, handle, fields = [] } = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    /** When to try again, where the bank tells. */
    this.retryAfterMs = retryAfterMs;
    /** Goes on with a sign-in that did not finish. */
    this.handle = handle;
    /** Names of what was filled in wrongly. */
    this.fields = fields;
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<Refusal>}
 */
export async function refusalIn(answer) {
  const { status, headers } = answer;
  /** @type {Record<string, unknown>} */
  const problem = Object(await answer.json().catch(() => undefined));
  const { code, handle, errors } = problem;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new Refusal(typeof code === 'string' ? code : codeOf(status), {
    status,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
    ...(typeof handle === 'string' ? { handle } : {}),
    fields: Array.isArray(errors)
      ? errors.map(({ pointer }) => String(pointer).replace(/^#\//, ''))
      : [],
  });
}

/** @param {number} status */
function codeOf(status) {
  if (status === 401) {
    return 'signed_out';
  }
  return status === 409 ? 'step_up_consumed' : 'server_error';
}
