import { randomUUID } from 'node:crypto';
import type {
  ActionAnswer,
  ActionReference,
  ActionState,
  AuthenticatorAnswer,
  AuthsignalPort,
  ChallengeAnswer,
  ChallengeRequest,
  ClaimAnswer,
  ClaimRequest,
  EnrollVerifiedAnswer,
  EnrollVerifiedRequest,
  TrackAnswer,
  TrackRequest,
  UserAnswer,
  ValidateAnswer,
  ValidateRequest,
  VerifyAnswer,
  VerifyRequest,
} from '../core/authsignal-port.js';
import type { CallFailureKind, CallResult } from '../core/call-result.js';

/** A call that the fake has taken. */
export interface FakeCall {
  readonly call: keyof AuthsignalPort;
  readonly request: unknown;
}

interface FakeAction {
  readonly userId: string;
  readonly action: string;
  readonly idempotencyKey: string;
  state: ActionState;
  verificationMethod?: string;
}

interface FakeChallenge {
  readonly phoneNumber: string | undefined;
  readonly email: string | undefined;
  readonly verificationMethod: string;
  verified: boolean;
}

const ok = <T>(value: T): CallResult<T> => ({ ok: true, value });

/**
 * Authsignal without a network, for unit tests of an application: pass it as `authsignal` (with a
 * `secret`). Users are enrolled unless {@link FakeAuthsignal.unenroll} says otherwise, and every
 * action is `ALLOW` unless {@link FakeAuthsignal.outcome} does. The one-time code is `123456`.
 * For tests over HTTP use `startEmulator`.
 */
export class FakeAuthsignal implements AuthsignalPort {
  /** Every call in order. */
  readonly calls: FakeCall[] = [];
  readonly #outcomes = new Map<string, ActionState>();
  readonly #unenrolled = new Set<string>();
  readonly #actions = new Map<string, FakeAction>();
  readonly #tokens = new Map<string, FakeAction>();
  readonly #challenges = new Map<string, FakeChallenge>();
  readonly #failures = new Map<string, CallFailureKind>();

  /** What `track` answers for an action from now on. */
  outcome(action: string, state: ActionState): void {
    this.#outcomes.set(action, state);
  }

  /** Takes a user's authenticators away. */
  unenroll(userId: string): void {
    this.#unenrolled.add(userId);
  }

  /** Makes every further call of this method fail; without a kind it works again. */
  fail(call: keyof AuthsignalPort, kind?: CallFailureKind): void {
    if (kind === undefined) {
      this.#failures.delete(call);
    } else {
      this.#failures.set(call, kind);
    }
  }

  /**
   * Answers a challenge as the user would.
   *
   * @param token the `challenge.token` of a `step_up_required`.
   * @returns the proof to send.
   */
  complete(token: string, verificationMethod = 'WHATSAPP'): string {
    const action = this.#tokens.get(token);
    if (action === undefined) {
      throw new TypeError('FakeAuthsignal never handed out this token.');
    }
    if (action.state === 'CHALLENGE_REQUIRED') {
      action.state = 'CHALLENGE_SUCCEEDED';
      action.verificationMethod = verificationMethod;
    }
    return this.#tokenFor(action);
  }

  async track(request: TrackRequest): Promise<CallResult<TrackAnswer>> {
    return this.#take('track', request, () => {
      const { userId, action, idempotencyKey } = request;
      const isEnrolled = !this.#unenrolled.has(userId);
      const wanted = this.#outcomes.get(action) ?? 'ALLOW';
      const state = wanted === 'CHALLENGE_REQUIRED' && !isEnrolled ? 'ALLOW' : wanted;
      const tracked: FakeAction = { userId, action, idempotencyKey, state };
      this.#actions.set(keyOf(request), tracked);
      return {
        state,
        isEnrolled,
        idempotencyKey,
        token: this.#tokenFor(tracked),
        url: 'https://mfa.authsignal.test/challenge?fake=true',
        ...(isEnrolled ? { enrolledVerificationMethods: ['WHATSAPP'] } : {}),
      };
    });
  }

  async validateChallenge(request: ValidateRequest): Promise<CallResult<ValidateAnswer>> {
    return this.#take('validateChallenge', request, () => {
      const action = this.#tokens.get(request.token);
      if (action === undefined) {
        return { isValid: false, error: 'Token is invalid.' };
      }
      if (action.userId !== request.userId) {
        return { isValid: false, error: 'User is invalid.' };
      }
      return action.action === request.action
        ? { ...action, isValid: action.state === 'CHALLENGE_SUCCEEDED' }
        : { isValid: false, error: 'Action is invalid.' };
    });
  }

  async getAction(request: ActionReference): Promise<CallResult<ActionAnswer>> {
    return this.#take('getAction', request, () => this.#known(request));
  }

  async updateAction(
    request: ActionReference & { readonly state: ActionState },
  ): Promise<CallResult<ActionAnswer>> {
    return this.#take('updateAction', request, () => {
      const action = this.#known(request);
      action.state = request.state;
      return action;
    });
  }

  async challenge(request: ChallengeRequest): Promise<CallResult<ChallengeAnswer>> {
    return this.#take('challenge', request, () => {
      const { phoneNumber, email, verificationMethod } = request;
      const challengeId = request.challengeId ?? randomUUID();
      const challenge = { phoneNumber, email, verificationMethod, verified: false };
      this.#challenges.set(challengeId, challenge);
      return { challengeId };
    });
  }

  async verify(request: VerifyRequest): Promise<CallResult<VerifyAnswer>> {
    return this.#take('verify', request, () => {
      const challenge = this.#challenges.get(request.challengeId);
      if (challenge === undefined || request.verificationCode !== '123456') {
        return { isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' };
      }
      challenge.verified = true;
      const { phoneNumber, email, verificationMethod } = challenge;
      return {
        isVerified: true,
        verificationMethod,
        ...(phoneNumber === undefined ? {} : { phoneNumber }),
        ...(email === undefined ? {} : { email }),
      };
    });
  }

  async claimChallenge(request: ClaimRequest): Promise<CallResult<ClaimAnswer>> {
    const { challengeId, userId } = request;
    const challenge = this.#challenges.get(challengeId);
    if (challenge?.verified !== true) {
      this.calls.push({ call: 'claimChallenge', request });
      return { ok: false, failure: { kind: 'rejected', call: 'claimChallenge', status: 400 } };
    }
    return this.#take('claimChallenge', request, () => ({
      token: `claimed-${userId}-${challengeId}`,
      verificationMethod: challenge.verificationMethod,
    }));
  }

  async getUser(request: { readonly userId: string }): Promise<CallResult<UserAnswer>> {
    return this.#take('getUser', request, () => ({
      isEnrolled: !this.#unenrolled.has(request.userId),
    }));
  }

  async getAuthenticators(request: {
    readonly userId: string;
  }): Promise<CallResult<readonly AuthenticatorAnswer[]>> {
    return this.#take('getAuthenticators', request, () =>
      this.#unenrolled.has(request.userId)
        ? []
        : [{ userAuthenticatorId: `whatsapp-${request.userId}`, verificationMethod: 'WHATSAPP' }],
    );
  }

  async enrollVerifiedAuthenticator(
    request: EnrollVerifiedRequest,
  ): Promise<CallResult<EnrollVerifiedAnswer>> {
    return this.#take('enrollVerifiedAuthenticator', request, () => {
      const { userId, verificationMethod } = request;
      this.#unenrolled.delete(userId);
      const authenticator = { userAuthenticatorId: `verified-${userId}`, verificationMethod };
      return { authenticator, recoveryCodes: [] };
    });
  }

  async #take<T>(
    call: keyof AuthsignalPort,
    request: unknown,
    answer: () => T,
  ): Promise<CallResult<T>> {
    this.calls.push({ call, request });
    const kind = this.#failures.get(call);
    return kind === undefined ? ok(answer()) : { ok: false, failure: { kind, call } };
  }

  #known(reference: ActionReference): FakeAction {
    const key = keyOf(reference);
    const { userId, action, idempotencyKey } = reference;
    const known = this.#actions.get(key) ?? { userId, action, idempotencyKey, state: 'ALLOW' };
    this.#actions.set(key, known);
    return known;
  }

  #tokenFor(action: FakeAction): string {
    const token = `fake.${randomUUID()}`;
    this.#tokens.set(token, action);
    return token;
  }
}

function keyOf({ userId, action, idempotencyKey }: ActionReference): string {
  return JSON.stringify([userId, action, idempotencyKey]);
}
