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
import {
  DEFAULT_API_URL,
  DEFAULT_SEND_TIMEOUT_MS,
  DEFAULT_TIMEOUT_MS,
} from '../core/authsignal-settings.js';
import type { CallResult } from '../core/call-result.js';
import { type Clock, systemClock } from '../core/clock.js';
import { actionAnswer } from './action-answer.js';
import { ApiClient } from './api-client.js';
import { challengeAnswer, claimAnswer, verifyAnswer } from './challenge-answers.js';
import * as bodies from './request-bodies.js';
import type { Route } from './route.js';
import * as routes from './routes.js';
import type { Shape } from './shape.js';
import { trackAnswer } from './track-answer.js';
import { Transport } from './transport.js';
import { authenticatorsAnswer, enrollVerifiedAnswer, userAnswer } from './user-answers.js';
import { validateAnswer } from './validate-answer.js';

export interface HttpAuthsignalSettings {
  /** The Server API secret of the tenant. */
  readonly apiSecretKey: string;
  /** With the version, as the portal shows it. Default `https://api.authsignal.com/v1`. */
  readonly apiUrl?: string;
  /**
   * Deadline of a call in milliseconds, from the call to the last byte. Default 3,000. A connection
   * may take as long to be made, under `sendTimeoutMs` too.
   */
  readonly timeoutMs?: number;
  /** The same for `challenge`, which waits for a message to be sent. Default 10,000. */
  readonly sendTimeoutMs?: number;
  /** Most connections open at once; further calls wait, within their deadline. Default 128. */
  readonly connections?: number;
  /** For a `Retry-After` that is a date. */
  readonly clock?: Clock;
}

/**
 * Authsignal's Server API over one pool of keep-alive connections.
 *
 * Each call ends within its deadline, and its request is then really aborted. Redirects are not
 * followed. What is safe to repeat (`track` and `validateChallenge`, and what only reads) is sent
 * once more if its connection died before an answer began; nothing else is ever sent twice.
 *
 * No method rejects. An id that cannot stand in a path (empty, `.`, `..`) is a failure of kind
 * `rejected` with the `field` and without a `status`; nothing is sent then.
 */
export class HttpAuthsignal implements AuthsignalPort {
  readonly #client: ApiClient;
  readonly #timeoutMs: number;
  readonly #sendTimeoutMs: number;

  constructor(settings: HttpAuthsignalSettings) {
    this.#timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#sendTimeoutMs = settings.sendTimeoutMs ?? DEFAULT_SEND_TIMEOUT_MS;
    const transport = new Transport({
      apiSecretKey: settings.apiSecretKey,
      apiUrl: settings.apiUrl ?? DEFAULT_API_URL,
      connectTimeoutMs: this.#timeoutMs,
      connections: settings.connections ?? 128,
    });
    this.#client = new ApiClient(transport, settings.clock ?? systemClock);
  }

  track(request: TrackRequest): Promise<CallResult<TrackAnswer>> {
    const body = bodies.trackBody(request);
    return this.#post('track', routes.tracking(request), body, trackAnswer, true);
  }

  validateChallenge(request: ValidateRequest): Promise<CallResult<ValidateAnswer>> {
    const body = bodies.validateBody(request);
    return this.#post('validateChallenge', routes.VALIDATE, body, validateAnswer, true);
  }

  challenge(request: ChallengeRequest): Promise<CallResult<ChallengeAnswer>> {
    return this.#client.call({
      name: 'challenge',
      method: 'POST',
      route: routes.CHALLENGE,
      body: bodies.challengeBody(request),
      timeoutMs: this.#sendTimeoutMs,
      isRepeatable: false,
      answer: challengeAnswer,
    });
  }

  verify(request: VerifyRequest): Promise<CallResult<VerifyAnswer>> {
    return this.#post('verify', routes.VERIFY, bodies.verifyBody(request), verifyAnswer);
  }

  claimChallenge(request: ClaimRequest): Promise<CallResult<ClaimAnswer>> {
    return this.#post('claimChallenge', routes.CLAIM, bodies.claimBody(request), claimAnswer);
  }

  getUser(request: { readonly userId: string }): Promise<CallResult<UserAnswer>> {
    return this.#get('getUser', routes.user(request), userAnswer);
  }

  getAuthenticators(request: {
    readonly userId: string;
  }): Promise<CallResult<readonly AuthenticatorAnswer[]>> {
    return this.#get('getAuthenticators', routes.authenticators(request), authenticatorsAnswer);
  }

  enrollVerifiedAuthenticator(
    request: EnrollVerifiedRequest,
  ): Promise<CallResult<EnrollVerifiedAnswer>> {
    const name = 'enrollVerifiedAuthenticator';
    const body = bodies.enrollVerifiedBody(request);
    return this.#post(name, routes.authenticators(request), body, enrollVerifiedAnswer);
  }

  getAction(request: ActionReference): Promise<CallResult<ActionAnswer>> {
    return this.#get('getAction', routes.action(request), actionAnswer);
  }

  updateAction(
    request: ActionReference & { readonly state: ActionState },
  ): Promise<CallResult<ActionAnswer>> {
    return this.#client.call({
      name: 'updateAction',
      method: 'PATCH',
      route: routes.action(request),
      body: { state: request.state },
      timeoutMs: this.#timeoutMs,
      isRepeatable: false,
      answer: actionAnswer,
    });
  }

  /** Ends the connections once the calls under way have ended. Later calls fail at once. */
  close(): Promise<void> {
    return this.#client.close();
  }

  #get<T>(name: string, route: Route, answer: Shape<T>): Promise<CallResult<T>> {
    const timeoutMs = this.#timeoutMs;
    return this.#client.call({ name, method: 'GET', route, timeoutMs, isRepeatable: true, answer });
  }

  #post<T>(
    name: string,
    route: Route,
    body: object,
    answer: Shape<T>,
    isRepeatable = false,
  ): Promise<CallResult<T>> {
    const timeoutMs = this.#timeoutMs;
    return this.#client.call({
      name,
      method: 'POST',
      route,
      body,
      timeoutMs,
      isRepeatable,
      answer,
    });
  }
}
