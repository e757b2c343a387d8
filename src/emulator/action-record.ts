import type { EmulatedActionState } from './action-state.js';
import type { Contact } from './contact.js';
import type { CustomData } from './custom-data.js';
import type { CodeMethod, EmulatedVerificationMethod } from './verification-method.js';

export interface MatchedRule {
  ruleId: string;
  name: string;
}

/** What a user wants to add, until a code that went there is verified. */
export interface PendingAuthenticator extends Contact {
  userAuthenticatorId: string;
  verificationMethod: CodeMethod;
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
  pendingAuthenticator?: PendingAuthenticator;
  /** Set to `CHALLENGE_REQUIRED` by `updateAction`, not by an outcome. */
  raisedByUpdate: boolean;
}
