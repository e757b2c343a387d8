/**
 * `closed`: calls go out. `open`: so many failed that none goes out for a while. `half_open`: one call is out to see
 * whether it works again; the others do not wait for it.
 */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** The circuits that are not closed, by their calls. */
export type DisturbedCircuits = Readonly<
  Partial<Record<AuthsignalCall, Exclude<CircuitState, 'closed'>>>
>;

/** The calls of the port that go over the network. Each has a circuit of its own. */
export type AuthsignalCall =
  | 'track'
  | 'validateChallenge'
  | 'challenge'
  | 'verify'
  | 'claimChallenge'
  | 'getUser'
  | 'getAuthenticators'
  | 'enrollVerifiedAuthenticator'
  | 'getAction'
  | 'updateAction';

/** When calls stop going out. They stop one kind at a time: failing sends keep no route from being decided. */
export interface CircuitBreakerOptions {
  /** Of how many of the latest calls the failed ones are counted. Default 20. */
  readonly window?: number;
  /** Open when more than this share of them failed; above 0 and below 1. Default 0.5. */
  readonly failureRate?: number;
  /** But not before so many were made. Default 5. */
  readonly minimumCalls?: number;
  /** How long none goes out, in milliseconds; then one does. Default 5,000. */
  readonly openForMs?: number;
}

export type ResolvedCircuitBreaker = Required<CircuitBreakerOptions>;

export const DEFAULT_CIRCUIT_BREAKER: ResolvedCircuitBreaker = Object.freeze({
  window: 20,
  failureRate: 0.5,
  minimumCalls: 5,
  openForMs: 5_000,
});

/** A circuit has changed. It belongs to no request, hence has nothing of one. */
export interface CircuitEvent {
  readonly type: 'circuit_changed';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly call: AuthsignalCall;
  readonly state: CircuitState;
}
