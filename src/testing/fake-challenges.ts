import { randomUUID } from 'node:crypto';
import type {
  ChallengeAnswer,
  ChallengeRequest,
  VerifyAnswer,
  VerifyRequest,
} from '../core/authsignal-port.js';

interface FakeChallenge {
  readonly request: ChallengeRequest;
  verified: boolean;
}

const CODE = '123456';

/** The codes that were sent, all of them `123456`. */
export class FakeChallenges {
  readonly #challenges = new Map<string, FakeChallenge>();

  start(request: ChallengeRequest): ChallengeAnswer {
    const challengeId = request.challengeId ?? randomUUID();
    this.#challenges.set(challengeId, { request, verified: false });
    return { challengeId };
  }

  verify({ challengeId, verificationCode }: VerifyRequest): VerifyAnswer {
    const challenge = this.#challenges.get(challengeId);
    if (challenge === undefined || verificationCode !== CODE) {
      return { isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' };
    }
    challenge.verified = true;
    const { phoneNumber, email, verificationMethod } = challenge.request;
    return {
      isVerified: true,
      verificationMethod,
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      ...(email === undefined ? {} : { email }),
    };
  }

  /** The verification method of a verified challenge. */
  verifiedMethod(challengeId: string): string | undefined {
    const challenge = this.#challenges.get(challengeId);
    return challenge?.verified === true ? challenge.request.verificationMethod : undefined;
  }
}
