import type { CodeMethod } from './verification-method.js';

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
