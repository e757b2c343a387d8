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
  | { readonly kind: 'misconfigured' }
  | FlowRefusal
  | WebhookRefusal;

/** How a WhatsApp flow refuses, beside the ways of the gate. */
export type FlowRefusal =
  | { readonly kind: 'send_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'code_wrong' }
  | { readonly kind: 'attempts_exceeded'; readonly retryAfterMs: number }
  | { readonly kind: 'phone_invalid' }
  | { readonly kind: 'phone_not_allowed' }
  /** Unknown, tampered with, foreign, used or expired: the answer does not tell which. */
  | { readonly kind: 'handle_invalid' }
  | { readonly kind: 'sign_in_incomplete'; readonly handle: string; readonly retryAfterMs: number };

/** How a delivery from Authsignal is refused, beside the ways of the gate. */
export type WebhookRefusal =
  /** Missing, malformed, wrong or out of time: the answer does not tell which. */
  | { readonly kind: 'webhook_unsigned' }
  /** Signed, but not what Authsignal sends, or of another tenant. */
  | { readonly kind: 'webhook_invalid' }
  | { readonly kind: 'webhook_too_large' };

/** The gate's answer. */
export type Verdict = ApprovedVerdict | RefusedVerdict;
