/**
 * How a call to Authsignal failed. The groups matter more than the names: `circuit_open`, `connection_refused`,
 * `timed_out`, `connection_reset` and `server_error` are outages, which `whenUnavailable` may speak of; nothing else ever is.
 */
export type CallFailureKind =
  /** Not sent: so many calls of this kind failed that none goes out for a while. */
  | 'circuit_open'
  /** Not sent: all of our own connections were busy until the deadline. It says nothing of Authsignal. */
  | 'overloaded'
  /** No connection could be made: refused, unknown host, TLS. */
  | 'connection_refused'
  /** The deadline of the call passed; it was aborted. */
  | 'timed_out'
  /** The connection died before a whole answer. */
  | 'connection_reset'
  /** 5xx, whatever the body. */
  | 'server_error'
  /** 401 or 403: wrong secret or region, or the machine is not on the tenant's allow-list. */
  | 'unauthorized'
  /** 429. */
  | 'rate_limited'
  /** Any other 4xx; without a `status`, a request that was not sent because of its `field`. */
  | 'rejected'
  /** A redirect or another status that the API does not use; never followed. */
  | 'unexpected_status'
  /** 2xx, but not JSON. */
  | 'not_json'
  /** 2xx JSON without a field that we need, or with one of another type. */
  | 'wrong_shape'
  /** A port of the app's own threw. */
  | 'port_threw';

/** Safe to log: it holds no secret, no token, no number and no text that the server sent. */
export interface CallFailure {
  readonly kind: CallFailureKind;
  /** The method of the port. */
  readonly call: string;
  readonly status?: number;
  /** Authsignal's machine code, such as `too_many_requests`; only `[A-Za-z0-9_-]{1,64}`. */
  readonly errorCode?: string;
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number;
  /** For `wrong_shape`, and a request that was not sent: the field, never its value. */
  readonly field?: string;
}

export type CallResult<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Of the HTTP answer, where there was one: for telemetry alone. */
      readonly status?: number;
    }
  | { readonly ok: false; readonly failure: CallFailure };

const OUTAGES: ReadonlySet<CallFailureKind> = new Set([
  'circuit_open',
  'connection_refused',
  'timed_out',
  'connection_reset',
  'server_error',
]);

/** Whether Authsignal was out of reach, as opposed to having answered something we cannot use. */
export function isOutage(failure: CallFailure): boolean {
  return OUTAGES.has(failure.kind);
}
