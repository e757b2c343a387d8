import type { AuthsignalPort } from '../core/authsignal-port.js';
import type { CallResult } from '../core/call-result.js';
import type { AuthsignalCall } from '../core/circuit.js';
import { withinDeadline } from '../core/deadline.js';
import type { CallObserver, Deadlines, Resilience } from '../core/resolve-port.js';
import { Circuits } from './circuits.js';

/**
 * A port whose calls end in time and, one kind at a time, stop going out while most of them fail. A call that does not
 * go out fails at once as `circuit_open`, which is an outage to everybody who asks.
 */
export class ResilientAuthsignal implements AuthsignalPort {
  readonly #port: AuthsignalPort;
  readonly #circuits: Circuits | undefined;
  readonly #deadlines: Deadlines | undefined;
  readonly #observe: CallObserver | undefined;

  constructor(port: AuthsignalPort, resilience: Resilience) {
    const { circuitBreaker, onCircuitChange, deadlines, observe } = resilience;
    this.#port = port;
    this.#circuits = circuitBreaker && new Circuits(circuitBreaker, onCircuitChange);
    this.#deadlines = deadlines;
    this.#observe = observe;
  }

  track(request: Parameters<AuthsignalPort['track']>[0]): ReturnType<AuthsignalPort['track']> {
    return this.#run('track', () => this.#port.track(request));
  }

  validateChallenge(
    request: Parameters<AuthsignalPort['validateChallenge']>[0],
  ): ReturnType<AuthsignalPort['validateChallenge']> {
    return this.#run('validateChallenge', () => this.#port.validateChallenge(request));
  }

  challenge(
    request: Parameters<AuthsignalPort['challenge']>[0],
  ): ReturnType<AuthsignalPort['challenge']> {
    return this.#run('challenge', () => this.#port.challenge(request));
  }

  verify(request: Parameters<AuthsignalPort['verify']>[0]): ReturnType<AuthsignalPort['verify']> {
    return this.#run('verify', () => this.#port.verify(request));
  }

  claimChallenge(
    request: Parameters<AuthsignalPort['claimChallenge']>[0],
  ): ReturnType<AuthsignalPort['claimChallenge']> {
    return this.#run('claimChallenge', () => this.#port.claimChallenge(request));
  }

  getUser(
    request: Parameters<AuthsignalPort['getUser']>[0],
  ): ReturnType<AuthsignalPort['getUser']> {
    return this.#run('getUser', () => this.#port.getUser(request));
  }

  getAuthenticators(
    request: Parameters<AuthsignalPort['getAuthenticators']>[0],
  ): ReturnType<AuthsignalPort['getAuthenticators']> {
    return this.#run('getAuthenticators', () => this.#port.getAuthenticators(request));
  }

  enrollVerifiedAuthenticator(
    request: Parameters<AuthsignalPort['enrollVerifiedAuthenticator']>[0],
  ): ReturnType<AuthsignalPort['enrollVerifiedAuthenticator']> {
    return this.#run('enrollVerifiedAuthenticator', () =>
      this.#port.enrollVerifiedAuthenticator(request),
    );
  }

  getAction(
    request: Parameters<AuthsignalPort['getAction']>[0],
  ): ReturnType<AuthsignalPort['getAction']> {
    return this.#run('getAction', () => this.#port.getAction(request));
  }

  updateAction(
    request: Parameters<AuthsignalPort['updateAction']>[0],
  ): ReturnType<AuthsignalPort['updateAction']> {
    return this.#run('updateAction', () => this.#port.updateAction(request));
  }

  circuits(): ReturnType<Circuits['states']> {
    return this.#circuits?.states() ?? {};
  }

  async close(): Promise<void> {
    await this.#port.close?.();
  }

  #run<T>(call: AuthsignalCall, run: () => Promise<CallResult<T>>): Promise<CallResult<T>> {
    const observe = this.#observe;
    const deadlines = this.#deadlines;
    const inTime = deadlines === undefined ? run : () => runInTime(call, run, deadlines);
    // Within the circuit: what does not go out is nothing to measure.
    const observed = observe === undefined ? inTime : () => observe(call, inTime);
    return this.#circuits === undefined ? observed() : this.#circuits.run(call, observed);
  }
}

function runInTime<T>(
  call: AuthsignalCall,
  run: () => Promise<CallResult<T>>,
  { timeoutMs, sendTimeoutMs }: Deadlines,
): Promise<CallResult<T>> {
  const late: CallResult<T> = { ok: false, failure: { kind: 'timed_out', call } };
  return withinDeadline(run(), call === 'challenge' ? sendTimeoutMs : timeoutMs, () => late);
}
