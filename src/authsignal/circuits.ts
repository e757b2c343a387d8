import {
  CircuitState as CockatielState,
  CountBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { CallFailure, CallResult } from '../core/call-result.js';
import type {
  AuthsignalCall,
  CircuitState,
  DisturbedCircuits,
  ResolvedCircuitBreaker,
} from '../core/circuit.js';

type Listener = (call: AuthsignalCall, state: CircuitState) => void;

/** A breaker, and when it came to be as it is. */
interface Circuit {
  readonly breaker: ReturnType<typeof circuitBreaker>;
  changes: number;
  openedAt: number;
}

/** What a call ended with, and whether the circuit has changed since it went out. */
interface Outcome {
  readonly result: CallResult<unknown>;
  readonly isStale: boolean;
}

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
  readonly #circuits = new Map<AuthsignalCall, Circuit>();

  constructor(options: ResolvedCircuitBreaker, onChange: Listener) {
    this.#options = options;
    this.#onChange = onChange;
  }

  /** Lets the call out, or fails it at once. Rejects only with what `run` rejects with. */
  async run<T>(call: AuthsignalCall, run: () => Promise<CallResult<T>>): Promise<CallResult<T>> {
    const circuit = this.#circuits.get(call) ?? this.#add(call);
    const { breaker, changes } = circuit;
    // cockatiel would have everybody wait for the one that probes.
    if (breaker.state === CockatielState.HalfOpen) {
      return this.#notSent(call);
    }
    let isSent = false;
    try {
      const { result } = await breaker.execute(async () => {
        isSent = true;
        const isProbe = breaker.state !== CockatielState.Closed;
        const result = await run();
        // What went out before the circuit changed says nothing of how the service is since.
        return { result, isStale: !isProbe && circuit.changes !== changes };
      });
      return result;
    } catch (error) {
      if (isSent) {
        throw error;
      }
      return this.#notSent(call);
    }
  }

  /** Those that are not closed. One whose time is over counts as half open: the next call will probe. */
  states(): DisturbedCircuits {
    const states: { -readonly [Call in AuthsignalCall]?: DisturbedCircuits[Call] } = {};
    for (const [call, { breaker, openedAt }] of this.#circuits) {
      const state = STATES[breaker.state];
      if (state !== 'closed') {
        const isOver = Date.now() - openedAt >= this.#options.openForMs;
        states[call] = isOver ? 'half_open' : state;
      }
    }
    return states;
  }

  #notSent(call: AuthsignalCall): CallResult<never> {
    const { openForMs: retryAfterMs } = this.#options;
    return { ok: false, failure: { kind: 'circuit_open', call, retryAfterMs } };
  }

  #add(call: AuthsignalCall): Circuit {
    const { window, failureRate, minimumCalls, openForMs } = this.#options;
    const breaker = circuitBreaker(
      handleWhenResult((outcome) => speaksOfOutage(outcome as Outcome)),
      {
        halfOpenAfter: openForMs,
        breaker: new CountBreaker({
          size: window,
          threshold: failureRate,
          minimumNumberOfCalls: minimumCalls,
        }),
      },
    );
    const circuit: Circuit = { breaker, changes: 0, openedAt: 0 };
    breaker.onStateChange((state) => {
      circuit.changes += 1;
      if (state === CockatielState.Open) {
        circuit.openedAt = Date.now();
      }
      this.#onChange(call, STATES[state]);
    });
    this.#circuits.set(call, circuit);
    return circuit;
  }
}

function speaksOfOutage({ result, isStale }: Outcome): boolean {
  return !isStale && !result.ok && isOfTheService(result.failure);
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
