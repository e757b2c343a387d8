import type { Approval } from './approval.js';
import type { CallFailureKind } from './call-result.js';
import type { AuthsignalCall } from './circuit.js';
import type { Countable } from './countable.js';
import type { EventContext } from './events.js';
import type { GateMode } from './policy.js';
import type { ProofRefusal, RefusalCode } from './wire.js';

/** An evaluation as it begins. */
export interface EvaluationBegun {
  readonly evaluationId: string;
  readonly transport: EventContext['transport'];
  readonly method: string;
  readonly mode: GateMode;
  /** Missing where the policy is yet to select it. */
  readonly action?: string;
}

/** How an evaluation ended. With neither `by` nor `code` it did not end as it should. */
export interface EvaluationEnded {
  /** One of the policy's codes, never what a client sent. */
  readonly action?: string;
  /** The user id as an HMAC-SHA-256 under the gate's key material: 32 hexadecimal digits. */
  readonly pseudonym?: string;
  /** The route's pattern with numbers hidden; missing where there is none, or where it has the user id in it. */
  readonly route?: string;
  /** How it was approved. */
  readonly by?: Approval['by'];
  /** How it was refused, or under `mode: 'observe'` would have been. */
  readonly code?: RefusalCode;
  readonly reason?: ProofRefusal;
  /** Authsignal's code, such as `WHATSAPP`: capitals and `_` alone. */
  readonly verificationMethod?: string;
}

/** Where our own client calls. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
  /** What every path begins with, such as `/v1`. */
  readonly basePath: string;
}

/** A call to Authsignal that goes out. */
export interface CallBegun {
  readonly call: AuthsignalCall;
  /** Missing with a port of the application's own. */
  readonly server?: ServerAddress;
}

export interface CallEnded {
  /** Of the HTTP answer, where there was one and it is known. */
  readonly status?: number;
  /** Missing where the call succeeded. */
  readonly failure?: CallFailureKind;
}

/** Something that has begun: runs inside `within`, then has its `end`. */
export interface Observation<End> {
  /** Calls `work` at once and exactly once, with this observation as what surrounds it. */
  within<T>(work: () => T): T;
  end(end: End): void;
}

/**
 * Where evaluations and calls are measured. `openTelemetry()` of `authsignal-guard/opentelemetry` makes one.
 *
 * It is told nothing that could be exported by mistake: no token, code, body, header, plain user id or whole number.
 * Whatever it throws changes no verdict.
 */
export interface Telemetry {
  evaluation(begun: EvaluationBegun): Observation<EvaluationEnded>;
  call(begun: CallBegun): Observation<CallEnded>;
  /** @param action one of a policy's codes, where it is known. */
  occurred(what: Countable, action: string | undefined): void;
}
