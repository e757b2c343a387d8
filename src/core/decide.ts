import { isActionState, type TrackAnswer } from './authsignal-port.js';
import { type CallFailure, isOutage } from './call-result.js';
import type { ResolvedPolicy } from './resolve-policy.js';

/** What the answer of `track` means for the request. */
export type Decision =
  | 'allow'
  | 'challenge'
  /** An `ALLOW` that is not enough: make Authsignal require a challenge, then hand it out. */
  | 'raise'
  | 'unenrolled'
  | 'blocked'
  | 'review_pending'
  | 'failed'
  /** An answer that a fresh action cannot have; nothing may run on it. */
  | 'unavailable';

type Rules = Pick<ResolvedPolicy, 'requireChallenge' | 'whenUnenrolled' | 'methods'>;

/** The security policy for what Authsignal answers to a new action. Pure. */
export function decide(answer: TrackAnswer, policy: Rules): Decision {
  const { state } = answer;
  if (!isActionState(state)) {
    return 'unavailable';
  }
  switch (state) {
    case 'ALLOW':
      return decideAllow(answer, policy);
    case 'CHALLENGE_REQUIRED':
      return canAnswer(answer, policy) ? 'challenge' : 'unenrolled';
    case 'BLOCK':
      return 'blocked';
    case 'REVIEW_REQUIRED':
      return 'review_pending';
    case 'CHALLENGE_FAILED':
    case 'REVIEW_FAILED':
      return 'failed';
    case 'CHALLENGE_SUCCEEDED':
    case 'REVIEW_SUCCEEDED':
      // The action is new: nobody can have passed anything for it yet.
      return 'unavailable';
    default:
      return unreachable(state);
  }
}

function decideAllow(answer: TrackAnswer, policy: Rules): Decision {
  if (!answer.isEnrolled) {
    return policy.whenUnenrolled === 'allow' ? 'allow' : 'unenrolled';
  }
  if (!policy.requireChallenge) {
    return 'allow';
  }
  return canAnswer(answer, policy) ? 'raise' : 'unenrolled';
}

/**
 * A challenge that the user cannot answer must not be handed out: its token would let whoever
 * holds the session enroll a first authenticator of their own and pass with that.
 */
function canAnswer(answer: TrackAnswer, policy: Rules): boolean {
  const enrolled = answer.enrolledVerificationMethods;
  return (
    answer.isEnrolled &&
    (policy.methods === undefined ||
      enrolled === undefined ||
      enrolled.some((method) => policy.methods?.includes(method)))
  );
}

/** What a failed `track` means. Failing open is this narrow. Pure. */
export function decideFailedTrack(
  failure: CallFailure,
  policy: Pick<ResolvedPolicy, 'requireChallenge' | 'whenUnavailable'>,
  proof: 'none' | 'sent',
): 'allow' | 'unavailable' | 'misconfigured' {
  if (isOutage(failure)) {
    const opens = policy.whenUnavailable === 'allow' && !policy.requireChallenge;
    return opens && proof === 'none' ? 'allow' : 'unavailable';
  }
  switch (failure.kind) {
    case 'unauthorized':
    case 'rejected':
    case 'unexpected_status':
      return 'misconfigured';
    default:
      return 'unavailable';
  }
}

function unreachable(_state: never): Decision {
  return 'unavailable';
}
