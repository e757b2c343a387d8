import type { CallFailure } from './call-result.js';
import type { RefusedVerdict } from './verdict.js';

const DEFAULT_RETRY_AFTER_MS = 5_000;

/** The verdict for what could not be checked, with Authsignal's own `Retry-After` where it gave one. */
export function unavailable(failure?: Pick<CallFailure, 'retryAfterMs'>): RefusedVerdict {
  return { kind: 'unavailable', retryAfterMs: failure?.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS };
}
