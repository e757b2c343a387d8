import type { ActionState, TrackRequest } from '../core/authsignal-port.js';
import type { CallFailureKind } from '../core/call-result.js';

/** What `track` is to answer: the state, unless it is to fail. */
export interface ScriptedAnswer {
  readonly state: ActionState;
  readonly failure?: CallFailureKind;
}

/**
 * What `FakeAuthsignal` answers for one action, and what it was asked. Each of these methods takes the place of what was
 * said before; what is said of a user goes before what is said of everybody.
 */
export class ActionScript {
  readonly #tracked: () => readonly TrackRequest[];
  readonly #users = new Map<string, ActionScript>();
  #answer: ((request: TrackRequest) => ScriptedAnswer) | undefined;

  constructor(tracked: () => readonly TrackRequest[]) {
    this.#tracked = tracked;
  }

  allows(): this {
    return this.answers('ALLOW');
  }

  /** Of users who have an authenticator; to others Authsignal answers `ALLOW`. */
  requiresChallenge(): this {
    return this.answers('CHALLENGE_REQUIRED');
  }

  blocks(): this {
    return this.answers('BLOCK');
  }

  requiresReview(): this {
    return this.answers('REVIEW_REQUIRED');
  }

  /** One state for each `track` from now on, in this order; the last one for all that follow. */
  answers(...states: readonly [ActionState, ...ActionState[]]): this {
    const [first, ...rest] = states;
    let state = first;
    const left = [first, ...rest];
    this.#answer = () => {
      state = left.shift() ?? state;
      return { state };
    };
    return this;
  }

  /** Decides on what is tracked, as the rules in Authsignal's portal would. */
  decides(rule: (request: TrackRequest) => ActionState): this {
    this.#answer = (request) => ({ state: rule(request) });
    return this;
  }

  /** Makes each `track` fail in this way. */
  fails(kind: CallFailureKind): this {
    this.#answer = () => ({ state: 'ALLOW', failure: kind });
    return this;
  }

  /** The same action, for one user. */
  forUser(userId: string): ActionScript {
    const tracked = () => this.#tracked().filter((request) => request.userId === userId);
    const script = this.#users.get(userId) ?? new ActionScript(tracked);
    this.#users.set(userId, script);
    return script;
  }

  /** What was tracked, in order: each request without a proof, or with one that did not count. */
  get tracked(): readonly TrackRequest[] {
    return this.#tracked();
  }

  /** What the next `track` is answered. For `FakeAuthsignal`. */
  next(request: TrackRequest): ScriptedAnswer {
    const ofUser = this.#users.get(request.userId);
    const answer = (ofUser === undefined ? undefined : ofUser.#answer) ?? this.#answer;
    return answer === undefined ? { state: 'ALLOW' } : answer(request);
  }
}
