import type { AuthsignalPort } from './authsignal-port.js';
import {
  DEFAULT_SEND_TIMEOUT_MS,
  DEFAULT_TIMEOUT_MS,
  ownPort,
  serverAddress,
} from './authsignal-settings.js';
import type { CallResult } from './call-result.js';
import {
  type AuthsignalCall,
  type CircuitBreakerOptions,
  type CircuitState,
  DEFAULT_CIRCUIT_BREAKER,
  type ResolvedCircuitBreaker,
} from './circuit.js';
import { type Clock, systemClock } from './clock.js';
import type { GuardedTelemetry } from './guarded-telemetry.js';
import { aDuration, checkFields, type FieldChecks, type OptionCheck } from './option-checks.js';
import type { AuthsignalSettings, StepUpGateOptions } from './options.js';
import { describeError } from './redact.js';
import { tellApplication } from './tell-application.js';
import type { LogSink } from './warning-log.js';

/** What makes ports, which the core does not know how to. */
export interface PortParts {
  readonly connect: (settings: AuthsignalSettings & Deadlines, clock: Clock) => AuthsignalPort;
  readonly resilient: (port: AuthsignalPort, resilience: Resilience) => AuthsignalPort;
  /** Where the few lines go that somebody must read. */
  readonly log: LogSink;
}

/** In milliseconds; `sendTimeoutMs` is that of `challenge`, which waits for a message to be sent. */
export interface Deadlines {
  readonly timeoutMs: number;
  readonly sendTimeoutMs: number;
}

/** What a port is given that goes on while Authsignal does not. */
export interface Resilience {
  /** Left out: calls always go out. */
  readonly circuitBreaker?: ResolvedCircuitBreaker | undefined;
  readonly onCircuitChange: (call: AuthsignalCall, state: CircuitState) => void;
  /** For a port that may have none of its own. What it still does after them is lost. */
  readonly deadlines?: Deadlines | undefined;
  /** What measures each call that goes out. */
  readonly observe?: CallObserver | undefined;
}

/** Measures a call that goes out; its result stands. */
export type CallObserver = <T>(
  call: AuthsignalCall,
  run: () => Promise<CallResult<T>>,
) => Promise<CallResult<T>>;

/** Our own client, or the application's port, which is given deadlines; with circuits unless they were switched off. */
export function resolvePort(
  options: StepUpGateOptions<unknown>,
  settings: AuthsignalSettings | undefined,
  telemetry: GuardedTelemetry | undefined,
  parts: PortParts,
): AuthsignalPort {
  const { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { sendTimeoutMs = DEFAULT_SEND_TIMEOUT_MS } = options;
  const deadlines = { timeoutMs, sendTimeoutMs };
  const circuitBreaker = resolveCircuitBreaker(options.circuitBreaker, settings !== undefined);
  const onCircuitChange = teller(options, circuitBreaker, telemetry, parts.log);
  const observe = telemetry && observerOf(telemetry, settings);
  const resilience = { circuitBreaker, onCircuitChange, observe };
  if (settings === undefined) {
    return parts.resilient(ownPort(options.authsignal), { ...resilience, deadlines });
  }
  const client = parts.connect({ ...settings, ...deadlines }, clock);
  return circuitBreaker === undefined && observe === undefined
    ? client
    : parts.resilient(client, resilience);
}

function observerOf(
  telemetry: GuardedTelemetry,
  settings: AuthsignalSettings | undefined,
): CallObserver {
  const server = settings === undefined ? {} : { server: serverAddress(settings.apiUrl) };
  return (call, run) => telemetry.call({ call, ...server }, run);
}

/** @returns `undefined` where calls always go out. */
function resolveCircuitBreaker(
  given: StepUpGateOptions['circuitBreaker'],
  isOurClient: boolean,
): ResolvedCircuitBreaker | undefined {
  if (given === false || (given === undefined && !isOurClient)) {
    return undefined;
  }
  const where = 'createStepUpGate: circuitBreaker';
  const options = given ?? {};
  checkFields('ERR_STEP_UP_OPTION', where, options, CHECKS);
  const known = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved = { ...DEFAULT_CIRCUIT_BREAKER, ...Object.fromEntries(known) };
  // A window that is smaller than the default minimum is its own minimum.
  const minimumCalls = Math.min(resolved.minimumCalls, resolved.window);
  return { ...resolved, minimumCalls };
}

const aCount: OptionCheck = (value) =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= 10_000
    ? undefined
    : 'a whole number from 1 to 10,000';

const CHECKS: FieldChecks<CircuitBreakerOptions> = {
  window: aCount,
  failureRate: (value) =>
    typeof value === 'number' && value > 0 && value < 1 ? undefined : 'a number between 0 and 1',
  minimumCalls: aCount,
  openForMs: aDuration,
};

/** One line when a circuit opens and one when it works again; an event for every change. */
function teller(
  { onEvent, clock = systemClock }: StepUpGateOptions<unknown>,
  circuitBreaker: ResolvedCircuitBreaker | undefined,
  telemetry: GuardedTelemetry | undefined,
  log: LogSink,
): (call: AuthsignalCall, state: CircuitState) => void {
  const broken = new Set<AuthsignalCall>();
  return (call, state) => {
    if (state === 'open' && !broken.has(call)) {
      broken.add(call);
      log(
        `Authsignal: most calls of ${call} fail, so they end at once. One is tried every ${circuitBreaker?.openForMs} ms.`,
        'error',
      );
    }
    if (state === 'closed') {
      broken.delete(call);
      log(`Authsignal: ${call} works again.`, 'log');
    }
    telemetry?.occurred({ type: 'circuit_changed', call, state }, undefined);
    const event = { type: 'circuit_changed', at: clock.now(), call, state } as const;
    tellApplication(onEvent, event, (error) =>
      log(`onEvent failed on "${event.type}": ${describeError(error, [])}`, 'error'),
    );
  };
}
