import type { CallResult } from './call-result.js';
import type { DisturbedCircuits } from './circuit.js';

/**
 * The states of an Authsignal action.
 * @see https://docs.authsignal.com/api-reference/server-api/track-action
 */
export const ACTION_STATES = [
  'ALLOW',
  'BLOCK',
  'CHALLENGE_REQUIRED',
  'CHALLENGE_SUCCEEDED',
  'CHALLENGE_FAILED',
  'REVIEW_REQUIRED',
  'REVIEW_SUCCEEDED',
  'REVIEW_FAILED',
] as const;

export type ActionState = (typeof ACTION_STATES)[number];

/** Narrows what arrived on the wire; a state that Authsignal may add one day is not one of ours. */
export function isActionState(value: unknown): value is ActionState {
  return (ACTION_STATES as readonly unknown[]).includes(value);
}

/** Rule inputs and user data that `track` takes. Every field is optional; absent means not sent. */
export interface TrackAttributes {
  redirectUrl?: string;
  ipAddress?: string;
  userAgent?: string;
  deviceId?: string;
  email?: string;
  /** E.164. Authsignal stores it on the user, so it must come from the app's own records. */
  phoneNumber?: string;
  username?: string;
  locale?: string;
  custom?: Readonly<Record<string, string | number | boolean>>;
}

export interface TrackRequest {
  readonly userId: string;
  readonly action: string;
  readonly idempotencyKey: string;
  readonly attributes: TrackAttributes;
}

/** `state` stays a string: what an unknown one means is decided in the core, not in the client. */
export interface TrackAnswer {
  readonly state: string;
  readonly token: string;
  readonly url: string;
  readonly isEnrolled: boolean;
  readonly idempotencyKey: string;
  readonly allowedVerificationMethods?: readonly string[];
  readonly enrolledVerificationMethods?: readonly string[];
}

export interface ValidateRequest {
  readonly token: string;
  readonly userId: string;
  readonly action: string;
}

/** Authsignal leaves fields out when a token is not valid, so all but `isValid` may be missing. */
export interface ValidateAnswer {
  readonly isValid: boolean;
  readonly state?: string;
  readonly userId?: string;
  readonly action?: string;
  readonly idempotencyKey?: string;
  readonly verificationMethod?: string;
  /** ISO 8601. */
  readonly stateUpdatedAt?: string;
  readonly error?: string;
}

export type AuthenticatorScope =
  | 'add:authenticators'
  | 'update:authenticators'
  | 'add:authenticators update:authenticators';

export interface ChallengeRequest {
  readonly verificationMethod: 'WHATSAPP' | 'SMS' | 'EMAIL_OTP';
  readonly action: string;
  readonly phoneNumber?: string;
  readonly email?: string;
  readonly userId?: string;
  readonly scope?: AuthenticatorScope;
  /** The earlier challenge, to send its message again. */
  readonly challengeId?: string;
  readonly idempotencyKey?: string;
  readonly locale?: string;
  readonly ipAddress?: string;
  readonly userAgent?: string;
  readonly deviceId?: string;
}

export interface ChallengeAnswer {
  readonly challengeId: string;
  /** Unix time in seconds, as Authsignal gives it. */
  readonly expiresAt?: number;
}

export interface VerifyRequest {
  readonly challengeId: string;
  readonly verificationCode: string;
}

export interface VerifyAnswer {
  readonly isVerified: boolean;
  readonly phoneNumber?: string;
  readonly email?: string;
  readonly verificationMethod?: string;
  readonly failureReason?: string;
}

export interface ClaimRequest {
  readonly challengeId: string;
  readonly userId: string;
}

export interface ClaimAnswer {
  readonly token: string;
  readonly verificationMethod?: string;
}

export interface UserAnswer {
  readonly isEnrolled: boolean;
  readonly phoneNumber?: string;
  readonly email?: string;
  readonly enrolledVerificationMethods?: readonly string[];
  readonly allowedVerificationMethods?: readonly string[];
}

export interface AuthenticatorAnswer {
  readonly userAuthenticatorId: string;
  readonly verificationMethod: string;
  readonly phoneNumber?: string;
  readonly email?: string;
}

export interface EnrollVerifiedRequest {
  readonly userId: string;
  readonly verificationMethod: 'WHATSAPP' | 'SMS' | 'EMAIL_OTP' | 'EMAIL_MAGIC_LINK';
  readonly phoneNumber?: string;
  readonly email?: string;
  readonly isDefault?: boolean;
}

export interface EnrollVerifiedAnswer {
  readonly authenticator: AuthenticatorAnswer;
  readonly recoveryCodes?: readonly string[];
}

export interface ActionReference {
  readonly userId: string;
  readonly action: string;
  readonly idempotencyKey: string;
}

export interface ActionAnswer {
  readonly state: string;
  readonly verificationMethod?: string;
  /** ISO 8601. */
  readonly stateUpdatedAt?: string;
}

/**
 * What the gate and the WhatsApp flows need of Authsignal. A method never throws for what the
 * network or the provider did: that is a {@link CallResult} with a `failure`.
 *
 * An implementation answers each call within a deadline of its own, sends a message at most once
 * for one call, and puts no secret into a failure.
 */
export interface AuthsignalPort {
  track(request: TrackRequest): Promise<CallResult<TrackAnswer>>;
  validateChallenge(request: ValidateRequest): Promise<CallResult<ValidateAnswer>>;
  challenge(request: ChallengeRequest): Promise<CallResult<ChallengeAnswer>>;
  verify(request: VerifyRequest): Promise<CallResult<VerifyAnswer>>;
  claimChallenge(request: ClaimRequest): Promise<CallResult<ClaimAnswer>>;
  getUser(request: { readonly userId: string }): Promise<CallResult<UserAnswer>>;
  getAuthenticators(request: {
    readonly userId: string;
  }): Promise<CallResult<readonly AuthenticatorAnswer[]>>;
  enrollVerifiedAuthenticator(
    request: EnrollVerifiedRequest,
  ): Promise<CallResult<EnrollVerifiedAnswer>>;
  getAction(request: ActionReference): Promise<CallResult<ActionAnswer>>;
  updateAction(
    request: ActionReference & { readonly state: ActionState },
  ): Promise<CallResult<ActionAnswer>>;
  /** Which kinds of call do not go out now, where the port keeps circuits; those that do are left out. */
  circuits?(): DisturbedCircuits;
  /** Ends the connections. Calls under way may finish. */
  close?(): Promise<void>;
}
