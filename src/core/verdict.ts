import type { Approval } from './approval.js';
import type { ChallengeOffer, InvalidField, ProofRefusal } from './wire.js';

export interface ApprovedVerdict {
  readonly kind: 'approved';
  readonly approval: Approval;
  /**
   * Present only under `returnProofOnFailure`: gives the proof back. An adapter calls it when the
   * handler itself settled with an error, and at no other time.
   */
  readonly returnProof?: () => Promise<void>;
}

/** Every way in which the handler does not run. `renderVerdict` gives each its answer. */
export type RefusedVerdict =
  | {
      readonly kind: 'challenge';
      readonly action: string;
      readonly challenge: ChallengeOffer;
      readonly retryHeader: string;
      readonly reason?: ProofRefusal;
    }
  | { readonly kind: 'unenrolled'; readonly action: string; readonly enrollmentUrl?: string }
  | { readonly kind: 'blocked'; readonly action: string }
  | { readonly kind: 'review_pending'; readonly action: string }
  | { readonly kind: 'failed'; readonly action: string }
  | { readonly kind: 'consumed'; readonly action: string }
  | { readonly kind: 'invalid'; readonly errors: readonly InvalidField[] }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number }
  | { readonly kind: 'misconfigured' };

/** The gate's answer. */
export type Verdict = ApprovedVerdict | RefusedVerdict;
