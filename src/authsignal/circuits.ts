import {
  CircuitState as CockatielState,
  CountBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { CallFailure, CallResult } from '../core/call-result.js';
import type { AuthsignalCall, CircuitState, ResolvedCircuitBreaker } from '../core/circuit.js';

type Listener = (call: AuthsignalCall, state: CircuitState) => void;
type Breaker = ReturnType<typeof circuitBreaker>;

const STATES: Readonly<Record<CockatielState, CircuitState>> = {
  [CockatielState.Closed]: 'closed',
  [CockatielState.Open]: 'open',
  [CockatielState.HalfOpen]: 'half_open',
  [CockatielState.Isolated]: 'open',
};

/** A circuit for each kind of call, made with its first call. */
export class Circuits {
  readonly #options: ResolvedCircuitBreaker;
  readonly #onChange: Listener;
  readonly #breakers = new Map<AuthsignalCall, Breaker>();

  constructor(options: ResolvedCircuitBreaker, onChange: Listener) {
    this.#options = options;
    this.#onChange = onChange;
  }

  /** Lets the call out, or fails it at once. Rejects only with what `run` rejects with. */
  async run<T>(call: AuthsignalCall, run: () => Promise<CallResult<T>>): Promise<CallResult<T>> {
    const breaker = this.#breakers.get(call) ?? this.#add(call);
    // cockatiel would have everybody wait for the one that probes.
    if (breaker.state === CockatielState.HalfOpen) {
      return this.#notSent(call);
    }
    let isSent = false;
    try {
      return await breaker.execute(() => {
        isSent = true;
        return run();
      });
    } catch (error) {
      if (isSent) {
        throw error;
      }
      return this.#notSent(call);
    }
  }

  /** Those that are not closed. */
  states(): Partial<Record<AuthsignalCall, Exclude<CircuitState, 'closed'>>> {
    const states: Partial<Record<AuthsignalCall, Exclude<CircuitState, 'closed'>>> = {};
    for (const [call, { state }] of this.#breakers) {
      const name = STATES[state];
      if (name !== 'closed') {
        states[call] = name;
      }
    }
    return states;
  }

  #notSent(call: AuthsignalCall): CallResult<never> {
    const { openForMs: retryAfterMs } = this.#options;
    return { ok: false, failure: { kind: 'circuit_open', call, retryAfterMs } };
  }

  #add(call: AuthsignalCall): Breaker {
    const { window, failureRate, minimumCalls, openForMs } = this.#options;
    const breaker = circuitBreaker(
      handleWhenResult((result) => isDown(result as CallResult<unknown>)),
      {
        halfOpenAfter: openForMs,
        breaker: new CountBreaker({
          size: window,
          threshold: failureRate,
          minimumNumberOfCalls: minimumCalls,
        }),
      },
    );
    breaker.onStateChange((state) => this.#onChange(call, STATES[state]));
    this.#breakers.set(call, breaker);
    return breaker;
  }
}

function isDown(result: CallResult<unknown>): boolean {
  return !result.ok && isOfTheService(result.failure);
}

/**
 * Whether a failure speaks of the service rather than of this one request. A 500 may be what a single request with odd
 * input provokes: if it counted, whoever finds such input could keep everybody else's calls from going out.
 */
function isOfTheService({ kind, status }: CallFailure): boolean {
  switch (kind) {
    case 'connection_refused':
    case 'timed_out':
    case 'connection_reset':
      return true;
    case 'server_error':
      return status === 502 || status === 503 || status === 504;
    default:
      return false;
  }
}
