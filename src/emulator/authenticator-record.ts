import type { EmulatedVerificationMethod } from './verification-method.js';

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
