import type { CallFailureKind } from './call-result.js';
import type { AuthsignalCall, CircuitEvent } from './circuit.js';
import type { FlowOccurrence, StepUpOccurrence, WebhookOccurrence } from './events.js';

type RequestOccurrence = StepUpOccurrence | FlowOccurrence | WebhookOccurrence;
type CircuitOccurrence = Pick<CircuitEvent, 'type' | 'call' | 'state'>;
type FailureType = 'authsignal_failed' | 'opened';

/** Whatever telemetry may be told of, before it is narrowed. */
export type Occurrence = RequestOccurrence | CircuitOccurrence;

/** Whether its values are words of ours, or yes and no, rather than any text, number or object. */
type IsClosed<Value> = [Value] extends [string | boolean | undefined]
  ? string extends Value
    ? false
    : true
  : false;

type Narrowed<Whole> = Whole extends unknown
  ? {
      readonly [Field in keyof Whole as IsClosed<Whole[Field]> extends true
        ? Field
        : never]: Whole[Field];
    }
  : never;

/**
 * What may be counted: the type of an event and those of its fields that hold words of this package, never a text, an
 * id or a number, not even a masked one.
 */
export type Countable =
  | Narrowed<Exclude<RequestOccurrence, { readonly type: FailureType }>>
  | {
      readonly type: FailureType;
      readonly failure: CallFailureKind;
      /** Missing where a port of the application's own names none of its methods. */
      readonly call?: AuthsignalCall;
    }
  | CircuitOccurrence;

type FieldsOf<Type> = Exclude<keyof Narrowed<Extract<Occurrence, { readonly type: Type }>>, 'type'>;

/** Only fields of the narrowed type compile. */
const FIELDS: {
  readonly [Type in Exclude<Occurrence['type'], FailureType>]: readonly FieldsOf<Type>[];
} = {
  action_tracked: ['enrolled'],
  challenge_issued: ['raised'],
  proof_refused: ['reason'],
  proof_burned: [],
  proof_replayed: [],
  proof_returned: [],
  approved: ['by'],
  refused: ['code', 'reason'],
  would_refuse: ['code', 'reason'],
  unexpected_answer: [],
  replay_store_failed: ['step'],
  limit_store_failed: [],
  callback_failed: ['callback'],
  subject_missing: [],
  body_unread: [],
  otp_sent: ['purpose', 'resent'],
  otp_send_limited: ['purpose', 'limit'],
  otp_wrong: ['purpose'],
  otp_attempts_exceeded: ['purpose'],
  otp_verified: ['purpose'],
  phone_refused: ['why'],
  handle_refused: ['why'],
  authenticator_changed: ['purpose'],
  signed_in: [],
  sign_in_incomplete: ['step'],
  webhook_received: [],
  webhook_duplicate: [],
  webhook_returned: [],
  webhook_refused: ['why'],
  circuit_changed: ['call', 'state'],
};

/** What of an occurrence may be counted. */
export function countableOf(occurrence: Occurrence): Countable {
  if (occurrence.type === 'authsignal_failed' || occurrence.type === 'opened') {
    const { type, failure } = occurrence;
    const { call } = failure;
    return { type, failure: knownFailure(failure.kind), ...(isCall(call) ? { call } : {}) };
  }
  const fields = ['type', ...FIELDS[occurrence.type]].map((name) => [
    name,
    Reflect.get(occurrence, name),
  ]);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** A port of the application's own may answer what is no kind of ours. */
export function knownFailure(kind: CallFailureKind): CallFailureKind {
  return Object.hasOwn(FAILURES, kind) ? kind : 'wrong_shape';
}

const FAILURES: Readonly<Record<CallFailureKind, true>> = {
  circuit_open: true,
  overloaded: true,
  connection_refused: true,
  timed_out: true,
  connection_reset: true,
  server_error: true,
  unauthorized: true,
  rate_limited: true,
  rejected: true,
  unexpected_status: true,
  not_json: true,
  wrong_shape: true,
  port_threw: true,
};

const CALLS: Readonly<Record<AuthsignalCall, true>> = {
  track: true,
  validateChallenge: true,
  challenge: true,
  verify: true,
  claimChallenge: true,
  getUser: true,
  getAuthenticators: true,
  enrollVerifiedAuthenticator: true,
  getAction: true,
  updateAction: true,
};

function isCall(name: string): name is AuthsignalCall {
  return Object.hasOwn(CALLS, name);
}
