import type { ChallengeAnswer, ClaimAnswer, VerifyAnswer } from '../core/authsignal-port.js';
import { amount, flag, objectOf, type Shape, text } from './shape.js';

export const challengeAnswer: Shape<ChallengeAnswer> = objectOf<ChallengeAnswer>(
  { challengeId: text },
  { expiresAt: amount },
);

export const verifyAnswer: Shape<VerifyAnswer> = objectOf<VerifyAnswer>(
  { isVerified: flag },
  { phoneNumber: text, email: text, verificationMethod: text, failureReason: text },
);

export const claimAnswer: Shape<ClaimAnswer> = objectOf<ClaimAnswer>(
  { token: text },
  { verificationMethod: text },
);
