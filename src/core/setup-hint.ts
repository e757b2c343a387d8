import type { CallFailure } from './call-result.js';

/** For the log: what to look at after an answer of Authsignal that no retry will change. */
export function setupHint({ kind, call, status, errorCode }: CallFailure): string {
  const answer = `Authsignal answered ${call} with ${status ?? kind} ${errorCode ?? ''}`.trim();
  return kind === 'unauthorized'
    ? `${answer}. Check that the API secret and the region of apiUrl belong together.`
    : `${answer}. Check the tenant's setup of this action in Authsignal's portal.`;
}
