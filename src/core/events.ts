import type { Approval } from './approval.js';
import type { CallFailure } from './call-result.js';
import type { CircuitEvent } from './circuit.js';
import type { ProofRefusal, RefusalCode } from './wire.js';

/** Which evaluation an event belongs to. */
export interface EventContext {
  /** Unique to one evaluation. */
  readonly evaluationId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly transport: 'http' | 'graphql' | 'ws' | 'rpc';
  readonly method: string;
  /** The route's pattern, with numbers hidden; empty where there is none. */
  readonly route: string;
  /** With numbers hidden. */
  readonly path: string;
  /** Missing until it is known. */
  readonly action?: string;
  /** The user id; missing until it is known. */
  readonly subject?: string;
}

/** The parts of the application's code that the gate calls. */
export type CallbackName =
  | 'skip'
  | 'select'
  | 'subject'
  | 'session'
  | 'body'
  | 'bind'
  | 'attributes'
  | 'resolve'
  | 'findOrCreateUser'
  | 'signedIn'
  | 'onAuthenticatorChanged';

/** What a WhatsApp flow is for. */
export type FlowPurpose = 'enrollment' | 'phone_number' | 'verified_number' | 'sign_in';

/** Which limit of the WhatsApp flows was reached. */
export type SendLimitName =
  | 'wait'
  | 'number'
  | 'user'
  | 'ip'
  | 'prefix'
  | 'budget'
  | 'conversion'
  | 'provider';

/** Numbers are masked, such as `+64••••0000`. */
export type FlowOccurrence =
  | {
      readonly type: 'otp_sent';
      readonly purpose: FlowPurpose;
      readonly phoneNumber: string;
      readonly resent: boolean;
    }
  | {
      readonly type: 'otp_send_limited';
      readonly purpose: FlowPurpose;
      readonly phoneNumber: string;
      readonly limit: SendLimitName;
    }
  | { readonly type: 'phone_refused'; readonly why: 'invalid' | 'country' | 'kind' | 'provider' }
  | { readonly type: 'otp_wrong'; readonly purpose: FlowPurpose; readonly phoneNumber: string }
  | {
      readonly type: 'otp_attempts_exceeded';
      readonly purpose: FlowPurpose;
      readonly phoneNumber: string;
    }
  | { readonly type: 'otp_verified'; readonly purpose: FlowPurpose; readonly phoneNumber: string }
  /** `foreign`: of another user, session or purpose. `unproven`: begun before there was a factor. */
  | {
      readonly type: 'handle_refused';
      readonly why: 'unreadable' | 'expired' | 'foreign' | 'used' | 'unproven';
    }
  | {
      readonly type: 'authenticator_changed';
      readonly purpose: FlowPurpose;
      readonly phoneNumber: string;
    }
  | { readonly type: 'signed_in'; readonly phoneNumber: string }
  | {
      readonly type: 'sign_in_incomplete';
      readonly step: 'findOrCreateUser' | 'claim' | 'signedIn';
      readonly phoneNumber: string;
    }
  /** The store of the limits threw or took too long. */
  | { readonly type: 'limit_store_failed'; readonly error: string };

/** Why a delivery from Authsignal was refused. The answer does not tell. */
export type WebhookFault =
  | 'header_missing'
  | 'header_malformed'
  | 'signature_mismatch'
  | 'too_old'
  | 'too_new'
  | 'body_parsed'
  | 'body_too_large'
  | 'body_broken_off'
  | 'not_json'
  | 'not_an_event'
  | 'wrong_tenant'
  | 'replay_store';

/** `eventId` and `eventType` are Authsignal's. */
export type WebhookOccurrence =
  /** The handler is about to run. */
  | { readonly type: 'webhook_received'; readonly eventId: string; readonly eventType: string }
  /** It was delivered before; the handler does not run. */
  | { readonly type: 'webhook_duplicate'; readonly eventId: string; readonly eventType: string }
  /** The handler failed, so the next delivery runs it again. */
  | { readonly type: 'webhook_returned'; readonly eventId: string; readonly eventType: string }
  | { readonly type: 'webhook_refused'; readonly why: WebhookFault };

/** What happened, beside where it happened. */
export type StepUpOccurrence =
  /** Authsignal answered `track`. `state` is as Authsignal gave it. */
  | {
      readonly type: 'action_tracked';
      readonly state: string;
      readonly enrolled: boolean;
      readonly idempotencyKey: string;
    }
  /** A challenge token was handed out. */
  | {
      readonly type: 'challenge_issued';
      readonly idempotencyKey: string;
      readonly raised: boolean;
    }
  /** A proof did not count. */
  | { readonly type: 'proof_refused'; readonly reason: ProofRefusal }
  /** A proof was used up; `proofId` is its idempotency key. */
  | { readonly type: 'proof_burned'; readonly proofId: string }
  /** A proof that was already used was sent again. */
  | { readonly type: 'proof_replayed'; readonly proofId: string }
  /** The handler failed and its proof was given back. */
  | { readonly type: 'proof_returned'; readonly proofId: string }
  | {
      readonly type: 'approved';
      readonly by: Approval['by'];
      readonly proofId?: string;
      readonly verificationMethod?: string;
    }
  | {
      readonly type: 'refused';
      readonly code: RefusalCode;
      readonly reason?: ProofRefusal;
    }
  /** `mode: 'observe'` let through what would have been answered with `code`. */
  | {
      readonly type: 'would_refuse';
      readonly code: RefusalCode;
      readonly reason?: ProofRefusal;
    }
  /** The policy let a request through because Authsignal was out of reach. */
  | { readonly type: 'opened'; readonly failure: CallFailure }
  /** A call to Authsignal failed. */
  | { readonly type: 'authsignal_failed'; readonly failure: CallFailure }
  /** Authsignal's answer was understood, but a fresh action cannot have it. */
  | { readonly type: 'unexpected_answer'; readonly call: string; readonly detail: string }
  /** The replay store threw, timed out or answered neither true nor false. */
  | {
      readonly type: 'replay_store_failed';
      readonly step: 'burn' | 'restore';
      readonly error: string;
    }
  /** The application's own code threw or returned what cannot be used. */
  | { readonly type: 'callback_failed'; readonly callback: CallbackName; readonly error: string }
  /** Nobody was found who acts. */
  | { readonly type: 'subject_missing' }
  /** The request declares a body that no parser has read. */
  | { readonly type: 'body_unread' };

/**
 * Everything an auditor would ask for: what happened to a request, and circuits that changed. Holds no secret, token, code or body; texts of errors are
 * cleared of the secrets and of anything that looks like a number to call.
 */
export type StepUpEvent =
  | (EventContext & (StepUpOccurrence | FlowOccurrence | WebhookOccurrence))
  | (CircuitEvent & { readonly [Field in Exclude<keyof EventContext, 'at'>]?: undefined });
