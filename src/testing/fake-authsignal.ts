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
import type { AuthsignalCall } from '../core/circuit.js';
import { FakeActions } from './fake-actions.js';
import { FakeChallenges } from './fake-challenges.js';

/** A call that the fake has taken. */
export interface FakeCall {
  readonly call: AuthsignalCall;
  readonly request: unknown;
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
  readonly #unenrolled = new Set<string>();
  readonly #actions = new FakeActions();
  readonly #challenges = new FakeChallenges();
  readonly #failures = new Map<string, CallFailureKind>();

  /** What `track` answers for an action from now on. */
  outcome(action: string, state: ActionState): void {
    this.#actions.decideOn(action, state);
  }

  /** Takes a user's authenticators away. */
  unenroll(userId: string): void {
    this.#unenrolled.add(userId);
  }

  /** Makes every further call of this method fail; without a kind it works again. */
  fail(call: AuthsignalCall, kind?: CallFailureKind): void {
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
    return this.#actions.complete(token, verificationMethod);
  }

  async track(request: TrackRequest): Promise<CallResult<TrackAnswer>> {
    return this.#take('track', request, () =>
      this.#actions.track(request, !this.#unenrolled.has(request.userId)),
    );
  }

  async validateChallenge(request: ValidateRequest): Promise<CallResult<ValidateAnswer>> {
    return this.#take('validateChallenge', request, () => this.#actions.validate(request));
  }

  async getAction(request: ActionReference): Promise<CallResult<ActionAnswer>> {
    return this.#take('getAction', request, () => this.#actions.get(request));
  }

  async updateAction(
    request: ActionReference & { readonly state: ActionState },
  ): Promise<CallResult<ActionAnswer>> {
    return this.#take('updateAction', request, () => {
      const action = this.#actions.get(request);
      action.state = request.state;
      return action;
    });
  }

  async challenge(request: ChallengeRequest): Promise<CallResult<ChallengeAnswer>> {
    return this.#take('challenge', request, () => this.#challenges.start(request));
  }

  async verify(request: VerifyRequest): Promise<CallResult<VerifyAnswer>> {
    return this.#take('verify', request, () => this.#challenges.verify(request));
  }

  async claimChallenge(request: ClaimRequest): Promise<CallResult<ClaimAnswer>> {
    const { challengeId, userId } = request;
    const verificationMethod = this.#challenges.verifiedMethod(challengeId);
    if (verificationMethod === undefined && !this.#failures.has('claimChallenge')) {
      this.calls.push({ call: 'claimChallenge', request });
      return { ok: false, failure: { kind: 'rejected', call: 'claimChallenge', status: 400 } };
    }
    const token = `claimed-${userId}-${challengeId}`;
    return this.#take('claimChallenge', request, () => ({
      token,
      ...(verificationMethod === undefined ? {} : { verificationMethod }),
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

  async #take<T>(call: AuthsignalCall, request: unknown, answer: () => T): Promise<CallResult<T>> {
    this.calls.push({ call, request });
    const kind = this.#failures.get(call);
    return kind === undefined ? ok(answer()) : { ok: false, failure: { kind, call } };
  }
}
