import type { CallFailure } from '../core/call-result.js';
import { unavailable } from '../core/unavailable.js';
import type { RefusedVerdict } from '../core/verdict.js';
import type { FlowScope } from './flow-scope.js';

/** What a failed call of a flow means for its user, where the flow has no answer of its own. */
export function flowFailure(scope: FlowScope, failure: CallFailure): RefusedVerdict {
  scope.report({ type: 'authsignal_failed', failure });
  switch (failure.kind) {
    case 'unauthorized':
    case 'rejected':
    case 'unexpected_status': {
      const { call, status, errorCode } = failure;
      scope.warn(
        `Authsignal answered ${call} with ${status ?? failure.kind} ${errorCode ?? ''}. ` +
          "Check the API secret, the region of apiUrl, and that WhatsApp is on in Authsignal's portal.",
      );
      return { kind: 'misconfigured' };
    }
    default:
      return unavailable(failure);
  }
}

/** Kinds of failure after which a message may be under way all the same. */
const MAYBE_SENT: ReadonlySet<CallFailure['kind']> = new Set([
  'timed_out',
  'connection_reset',
  'not_json',
  'wrong_shape',
  'port_threw',
]);

export function surelyNotSent({ kind, status }: CallFailure): boolean {
  // Of the 5xx only "unavailable" says that nothing was begun.
  const isOpen = kind === 'server_error' && status !== 503;
  return !MAYBE_SENT.has(kind) && !isOpen;
}
