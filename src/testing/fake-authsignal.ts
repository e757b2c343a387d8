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
import { ActionScript } from './action-script.js';
import { FakeActions } from './fake-actions.js';
import { FakeChallenges } from './fake-challenges.js';

/** A call that the fake has taken. */
export interface FakeCall {
  readonly call: AuthsignalCall;
  readonly request: unknown;
}

type RequestOf<Call extends AuthsignalCall> = Parameters<AuthsignalPort[Call]>[0];

const ok = <T>(value: T): CallResult<T> => ({ ok: true, value });

/**
 * Authsignal without a network, for unit tests of an application: pass it as `authsignal` (with a
 * `secret`). Users are enrolled unless {@link FakeAuthsignal.unenroll} says otherwise, and every
 * action is `ALLOW` unless its {@link FakeAuthsignal.action} does. The one-time code is `123456`.
 * For tests over HTTP use `startEmulator`.
 */
export class FakeAuthsignal implements AuthsignalPort {
  /** Every call in order. */
  readonly calls: FakeCall[] = [];
  readonly #unenrolled = new Set<string>();
  readonly #scripts = new Map<string, ActionScript>();
  readonly #actions = new FakeActions();
  readonly #challenges = new FakeChallenges();
  readonly #failures = new Map<string, CallFailureKind>();

  /** What `track` answers for an action, and what it was asked of it. */
  action(action: string): ActionScript {
    const tracked = () => this.callsOf('track').filter((request) => request.action === action);
    const script = this.#scripts.get(action) ?? new ActionScript(tracked);
    this.#scripts.set(action, script);
    return script;
  }

  /** The same as `action(action).answers(state)`. */
  outcome(action: string, state: ActionState): void {
    this.action(action).answers(state);
  }

  /** Takes a user's authenticators away. */
  unenroll(userId: string): void {
    this.#unenrolled.add(userId);
  }

  /** Gives a user an authenticator again. */
  enroll(userId: string): void {
    this.#unenrolled.delete(userId);
  }

  /** What one method was called with, in order. */
  callsOf<Call extends AuthsignalCall>(call: Call): readonly RequestOf<Call>[] {
    const taken = this.calls.filter((each) => each.call === call);
    return taken.map(({ request }) => request as RequestOf<Call>);
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
    const { state, failure } = this.action(request.action).next(request);
    const isEnrolled = !this.#unenrolled.has(request.userId);
    const answer = () => this.#actions.track(request, state, isEnrolled);
    return this.#take('track', request, answer, failure);
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

  async #take<T>(
    call: AuthsignalCall,
    request: unknown,
    answer: () => T,
    scripted?: CallFailureKind,
  ): Promise<CallResult<T>> {
    this.calls.push({ call, request });
    const kind = this.#failures.get(call) ?? scripted;
    return kind === undefined ? ok(answer()) : { ok: false, failure: { kind, call } };
  }
}
