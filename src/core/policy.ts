import type { ActionRequest } from './action-request.js';
import type { TrackAttributes } from './authsignal-port.js';
import type { BoundValue } from './bound-values.js';

export type Awaitable<T> = T | Promise<T>;

/** A user id as applications have it; an empty one, or none, is nobody. */
export type SubjectValue = string | number | null | undefined;

/**
 * An Authsignal action code, `[a-zA-Z0-9_-]{1,64}`; or several with a choice between them. A free
 * function is not possible on purpose: Authsignal creates unknown actions with `ALLOW`, so a
 * client that could steer the name could choose one without rules.
 */
export type ActionChoice<Raw = unknown> =
  | string
  | {
      readonly oneOf: readonly string[];
      select(request: ActionRequest<unknown, Raw>): Awaitable<string>;
    };

/** A class for class-validator. */
export type DtoClass<Body> = new () => Body;

/** Reads a body: returns the valid value, or throws. zod's `schema.parse` is one. */
export type BodyReader<Body> = (raw: unknown) => Awaitable<Body>;

export type UnenrolledPolicy = 'deny' | 'allow';
export type UnavailablePolicy = 'deny' | 'allow';
export type GateMode = 'enforce' | 'observe';

// The callbacks are written as methods so that one may name a narrower `Raw` than its gate does.

/** The part of a policy that the gate's options may give a default for. */
export interface PolicyDefaults<Raw = unknown, Body = unknown> {
  /** Who acts: the user id. Nobody found: 401, never "allow". */
  subject?(request: ActionRequest<unknown, Raw>): Awaitable<SubjectValue>;
  /**
   * What `track` is told for the rules, over `ipAddress`, `userAgent` and `deviceId` (the
   * `__as_aid` cookie) of the request. `phoneNumber` must come from the app's records: Authsignal
   * stores it.
   */
  attributes?(request: ActionRequest<Body, Raw>): Awaitable<TrackAttributes>;
  /** Verification methods that count, such as `['PASSKEY']`. Default: any that Authsignal accepts. */
  readonly methods?: readonly string[];
  /** An `ALLOW` of the rules is not enough for an enrolled user. Default `false`. */
  readonly requireChallenge?: boolean;
  /**
   * What an `ALLOW` is worth for a user without an authenticator, whom Authsignal never
   * challenges. Default `'deny'`.
   */
  readonly whenUnenrolled?: UnenrolledPolicy;
  /**
   * What happens to a request without a proof while Authsignal times out, cannot be reached or
   * answers 5xx. `'allow'` never applies to the replay store, a 4xx, `requireChallenge` or a
   * request that carries a proof, and is reported each time. Default `'deny'`.
   */
  readonly whenUnavailable?: UnavailablePolicy;
  /** `'observe'` tracks and reports but never refuses. Default `'enforce'`. */
  readonly mode?: GateMode;
  /** `true` lets the request through without asking Authsignal at all. A `body` is still validated. */
  skip?(request: ActionRequest<unknown, Raw>): Awaitable<boolean>;
  /**
   * Whether a proof may be used again after the handler itself failed: its own promise or stream
   * failed (Nest) or it answered 5xx (Express). Never after a timeout or a closed connection, when it may
   * still be running; in Express put timeouts before the gate, since behind it they cannot be told
   * from the handler. `gate.require` knows nothing of the handler and never gives back. Default
   * `false`.
   */
  readonly returnProofOnFailure?: boolean;
  /** How long after the challenge was issued its proof counts, in milliseconds. Default 15 minutes. */
  readonly maxProofAgeMs?: number;
}

/** What a route declares. Every callback may be asynchronous; one that throws refuses the request. */
export interface ActionPolicy<Body = unknown, Raw = unknown> extends PolicyDefaults<Raw, Body> {
  readonly action?: ActionChoice<Raw>;
  /**
   * How to validate the body before anything is tracked or sent: a class for class-validator or a
   * function. The gate works on a private copy and never writes `req.body`; the handler gets the
   * result as `approval.body`.
   */
  readonly body?: DtoClass<Body> | BodyReader<Body>;
  /**
   * Which values the approval is for. The result may hold strings, booleans, null, safe integers,
   * arrays and plain objects; a missing field is 400. Default: the raw parsed query and body.
   */
  bind?(request: ActionRequest<Body, Raw>): Awaitable<BoundValue>;
}
