import type { EmulatedActionState } from './action-state.js';
import type { CodeMethod, EmulatedVerificationMethod } from './verification-method.js';

/** Custom data points of a user or an action. */
export type CustomData = Readonly<Record<string, string | number | boolean>>;

/** A user as the emulator keeps it. Times are Unix milliseconds of the emulator's clock. */
export interface UserRecord {
  userId: string;
  email?: string;
  emailVerified: boolean;
  phoneNumber?: string;
  phoneNumberVerified: boolean;
  username?: string;
  displayName?: string;
  custom?: CustomData;
  locale?: string;
  /** Device ids that were tracked for this user. */
  devices: string[];
  lastVerifiedAt?: number;
}

/** One authenticator of a user. Times are Unix milliseconds. */
export interface AuthenticatorRecord {
  userId: string;
  userAuthenticatorId: string;
  verificationMethod: EmulatedVerificationMethod;
  phoneNumber?: string;
  email?: string;
  isDefault: boolean;
  createdAt: number;
  verifiedAt: number;
  lastVerifiedAt?: number;
}

export interface MatchedRule {
  ruleId: string;
  name: string;
}

/** One tracked action. Times are Unix milliseconds. */
export interface ActionRecord {
  userId: string;
  action: string;
  idempotencyKey: string;
  state: EmulatedActionState;
  createdAt: number;
  updatedAt: number;
  stateUpdatedAt: number;
  verificationMethod?: EmulatedVerificationMethod;
  verifiedByAuthenticatorId?: string;
  /** Every rule that matched, in order of priority; the first one decided. */
  rules: MatchedRule[];
  allowedVerificationMethods?: EmulatedVerificationMethod[];
  custom: CustomData;
  ipAddress?: string;
  userAgent?: string;
  deviceId?: string;
  redirectUrl?: string;
  /** Set to `CHALLENGE_REQUIRED` by `updateAction`, not by an outcome. */
  raisedByUpdate: boolean;
}

/** One challenge with a one-time code. Times are Unix milliseconds. */
export interface ChallengeRecord {
  challengeId: string;
  origin: 'server' | 'client';
  method: CodeMethod;
  smsChannel?: 'DEFAULT' | 'WHATSAPP';
  phoneNumber?: string;
  email?: string;
  userId?: string;
  action: string;
  idempotencyKey: string;
  scope: string;
  /** Codes that are accepted, newest first. */
  codes: string[];
  wrongAttempts: number;
  createdAt: number;
  expiresAt: number;
  verifiedAt?: number;
  claimedBy?: string;
}

/** A message as it lies in the inbox. */
export interface Message {
  readonly id: string;
  /** E.164 number or e-mail address. */
  readonly to: string;
  readonly code: string;
  readonly channel: 'WHATSAPP' | 'SMS' | 'EMAIL';
  readonly text: string;
  readonly action: string;
  readonly challengeId: string;
  readonly userId?: string;
  /** ISO 8601, by the emulator's clock. */
  readonly sentAt: string;
}
