/**
 * What goes over the wire, for the server that writes it and the browser that reads it.
 * One heading per code stands in docs/errors.md.
 */

/** The header in which a client sends the proof back. */
export const PROOF_HEADER = 'Step-Up-Proof';

/** The field of a message, of a socket or a microservice, in which it comes back. */
export const PROOF_FIELD = 'stepUpProof';

/** RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** Every `code` of a refusal: of the gate, then of the WhatsApp flows, then of webhooks. */
export const REFUSAL_CODES = [
  'step_up_required',
  'step_up_enrollment_required',
  'step_up_blocked',
  'step_up_review_pending',
  'step_up_failed',
  'step_up_consumed',
  'request_invalid',
  'step_up_unauthenticated',
  'step_up_unavailable',
  'step_up_misconfigured',
  'otp_send_limited',
  'otp_invalid',
  'otp_attempts_exceeded',
  'phone_invalid',
  'phone_not_allowed',
  'handle_invalid',
  'sign_in_incomplete',
  'webhook_signature_invalid',
  'webhook_invalid',
  'webhook_too_large',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why a proof that was sent did not count. */
export const PROOF_REFUSALS = [
  'proof_expired',
  'proof_invalid',
  'challenge_pending',
  'method_not_allowed',
  'binding_mismatch',
] as const;

export type ProofRefusal = (typeof PROOF_REFUSALS)[number];

/** What the user must do. */
export interface ChallengeOffer {
  /** For `authsignal.setToken()` of the browser SDK. Short-lived. */
  readonly token: string;
  /** Authsignal's pre-built UI, for `authsignal.launch(url)`. */
  readonly url: string;
  /** The verification methods that count for this action, such as `WHATSAPP`. Empty: any. */
  readonly methods: readonly string[];
}

/** One field of a request that is not valid. */
export interface InvalidField {
  /** A JSON Pointer into the body as a URI fragment (RFC 6901 §6), such as `#/amount`. */
  readonly pointer: string;
  readonly detail: string;
}

/** The body of every refusal: a problem of RFC 9457 with a stable `code`. */
export interface StepUpProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: RefusalCode;
  readonly action?: string;
  readonly reason?: ProofRefusal;
  readonly challenge?: ChallengeOffer;
  /** Where the proof goes when the same request is sent again. */
  readonly retry?: {
    readonly header: string;
    /** Of a message, to a socket or a microservice, whose data have room for it: the field of the data. */
    readonly field?: string;
  };
  readonly enrollmentUrl?: string;
  readonly errors?: readonly InvalidField[];
  /** Finishes an incomplete sign-in without another code. */
  readonly handle?: string;
}
