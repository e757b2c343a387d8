import type { ActionRequest } from './action-request.js';
import type { AuthsignalPort } from './authsignal-port.js';
import type { CircuitBreakerOptions } from './circuit.js';
import type { Clock } from './clock.js';
import type { StepUpEvent } from './events.js';
import type { Awaitable, PolicyDefaults, SubjectValue } from './policy.js';
import type { ReplayStore } from './replay-store.js';
import type { Telemetry } from './telemetry.js';

/** The two public properties of an `Authsignal` instance of `@authsignal/node` that we read. */
export interface AuthsignalSettings {
  readonly apiSecretKey: string;
  readonly apiUrl: string;
}

/** What most applications put on a request. Give `createStepUpGate` your own type for another. */
export interface SignedInRequest {
  readonly user?: { readonly id?: SubjectValue; readonly sub?: string } | null | undefined;
  readonly sessionId?: string | undefined;
  readonly sessionID?: string | undefined;
}

/** Given once at start, then resolved and frozen. A bad one throws an error that names the fix. */
export interface StepUpGateOptions<Raw = SignedInRequest> extends PolicyDefaults<Raw> {
  /** The Server API secret of the tenant. */
  readonly apiSecretKey?: string;
  /** With `/v1`. Default: `https://api.authsignal.com/v1`, the US region. */
  readonly apiUrl?: string;
  /**
   * Instead of `apiSecretKey` and `apiUrl`: an instance of the official SDK, of which only its
   * settings are used (our own client makes the calls), or a port of the application's own.
   */
  readonly authsignal?: AuthsignalSettings | AuthsignalPort;
  /**
   * What stays the same for one login: a `sid`, never a `jti`. Part of the binding, so that a proof
   * is worth nothing in another session. Given but empty for a request: 401.
   */
  session?(request: ActionRequest<unknown, Raw>): Awaitable<SubjectValue>;
  /** Where used proofs are remembered. Default: the memory of this one process. */
  readonly replayStore?: ReplayStore;
  /** Key material of the binding, at least 16 characters. Default: the API secret. */
  readonly secret?: string;
  /** Secrets whose bindings still count, after `secret` was changed. */
  readonly previousSecrets?: readonly string[];
  /** Part of the binding: tells applications or environments that share a tenant apart. */
  readonly audience?: string;
  /** The action codes that exist. A policy that names another one is refused at start. */
  readonly actions?: readonly string[];
  /** Told to clients whose user has no authenticator. */
  readonly enrollmentUrl?: string;
  /** The deadline of a call to Authsignal and to the replay store, in milliseconds. Default 3,000. */
  readonly timeoutMs?: number;
  /** The deadline of a call that sends a message, in milliseconds. Default 10,000. */
  readonly sendTimeoutMs?: number;
  /**
   * When calls to Authsignal stop going out because most of them fail, so that requests are answered by their policy at
   * once instead of after `timeoutMs`. `false`: never. Default: on with these values for our own client; for a port of
   * the application's own only if it is given here.
   */
  readonly circuitBreaker?: false | CircuitBreakerOptions;
  /** The header in which the proof comes back. Default `Step-Up-Proof`. */
  readonly header?: string;
  readonly clock?: Clock;
  /** Where evaluations and calls are measured, such as `openTelemetry()`. Default: nowhere. */
  readonly telemetry?: Telemetry;
  /** Told everything that happens. It cannot change a verdict: what it throws is logged and dropped. */
  readonly onEvent?: (event: StepUpEvent) => void;
}
