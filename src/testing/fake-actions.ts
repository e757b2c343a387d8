import { randomUUID } from 'node:crypto';
import type {
  ActionReference,
  ActionState,
  TrackAnswer,
  TrackRequest,
  ValidateAnswer,
  ValidateRequest,
} from '../core/authsignal-port.js';

interface FakeAction {
  readonly userId: string;
  readonly action: string;
  readonly idempotencyKey: string;
  state: ActionState;
  verificationMethod?: string;
}

/** The actions that were tracked, and the tokens that were handed out for them. */
export class FakeActions {
  readonly #actions = new Map<string, FakeAction>();
  readonly #tokens = new Map<string, FakeAction>();

  track(request: TrackRequest, wanted: ActionState, isEnrolled: boolean): TrackAnswer {
    const { userId, action, idempotencyKey } = request;
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
  }

  validate(request: ValidateRequest): ValidateAnswer {
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
  }

  complete(token: string, verificationMethod: string): string {
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

  /** One that was never tracked is `ALLOW`. */
  get(reference: ActionReference): FakeAction {
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
