import type { CallFailure, CallFailureKind } from '../core/call-result.js';
import type { Ending } from './attempt.js';
import { retryAfterMs } from './retry-after.js';
import { isJsonObject, ownField } from './shape.js';

type Answered = Extract<Ending, { how: 'answered' }>;
type Broken = Extract<Ending, { how: 'broken' }>;

const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);
const EXPIRED = new Set([
  'AbortError',
  'UND_ERR_ABORTED',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
/** undici's parser errors have a name but, contrary to its documentation, no code. */
const NOT_HTTP = 'HTTPParserError';
/** A letter first, so that no phone number passes for a code. */
const MACHINE_CODE = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Whether the connection was there and died, as opposed to never having been made. */
export function isConnectionLost(error: unknown): boolean {
  return LOST.has(codeOf(error));
}

/** The kind of what undici, Node's sockets or TLS reported. */
export function kindOfError({ error, isSent, isAnswered }: Broken): CallFailureKind {
  const code = codeOf(error);
  if (LOST.has(code)) {
    return 'connection_reset';
  }
  if (EXPIRED.has(code)) {
    return 'timed_out';
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return 'rejected';
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return 'not_json';
  }
  // Whoever answers with something other than HTTP is reachable: no outage.
  if (!isAnswered && (code === NOT_HTTP || code === 'UND_ERR_HEADERS_OVERFLOW')) {
    return 'unexpected_status';
  }
  return isSent ? 'connection_reset' : 'connection_refused';
}

/** The failure that an answer other than 2xx is. Of its body only a machine code is taken. */
export function failureOfStatus(call: string, answer: Answered, nowMs: number): CallFailure {
  const { status } = answer;
  const errorCode = status >= 400 && status < 500 ? machineCodeIn(answer.body) : undefined;
  const kind = kindOfStatus(status, errorCode);
  const waitMs =
    kind === 'rate_limited' || status === 503 ? retryAfterMs(answer.retryAfter, nowMs) : undefined;
  return {
    kind,
    call,
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  };
}

/** Authsignal documents the code of a rate limit, but not its status. */
const RATE_LIMIT_CODE = 'too_many_requests';

function kindOfStatus(status: number, errorCode: string | undefined): CallFailureKind {
  if (status === 401 || status === 403) {
    return 'unauthorized';
  }
  if (status === 429 || errorCode === RATE_LIMIT_CODE) {
    return 'rate_limited';
  }
  if (status >= 400 && status < 500) {
    return 'rejected';
  }
  return status >= 500 && status < 600 ? 'server_error' : 'unexpected_status';
}

function machineCodeIn(body: string | undefined): string | undefined {
  const answer = parsedJson(body);
  if (!isJsonObject(answer)) {
    return undefined;
  }
  return [ownField(answer, 'error'), ownField(answer, 'errorCode')].find(isMachineCode);
}

function isMachineCode(value: unknown): value is string {
  return typeof value === 'string' && MACHINE_CODE.test(value);
}

/** `undefined`, which JSON has not, for whatever is not JSON. */
export function parsedJson(body: string | undefined): unknown {
  if (body === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The code, or the name of an error that has none. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) {
    return '';
  }
  if ('code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'name' in error && typeof error.name === 'string' ? error.name : '';
}
