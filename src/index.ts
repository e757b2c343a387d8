export { HttpAuthsignal, type HttpAuthsignalSettings } from './authsignal/http-authsignal.js';
export type { ActionRequest } from './core/action-request.js';
export type { Approval } from './core/approval.js';
export type {
  ActionAnswer,
  ActionReference,
  ActionState,
  AuthenticatorAnswer,
  AuthenticatorScope,
  AuthsignalPort,
  ChallengeAnswer,
  ChallengeRequest,
  ClaimAnswer,
  ClaimRequest,
  EnrollVerifiedAnswer,
  EnrollVerifiedRequest,
  TrackAnswer,
  TrackAttributes,
  TrackRequest,
  UserAnswer,
  ValidateAnswer,
  ValidateRequest,
  VerifyAnswer,
  VerifyRequest,
} from './core/authsignal-port.js';
export type { BoundValue } from './core/bound-values.js';
export type { CallFailure, CallFailureKind, CallResult } from './core/call-result.js';
export type {
  AuthsignalCall,
  CircuitBreakerOptions,
  CircuitEvent,
  CircuitState,
} from './core/circuit.js';
export type { Clock } from './core/clock.js';
export type { Countable } from './core/countable.js';
export {
  type ConfigurationCode,
  isStepUpError,
  StepUpError,
  type StepUpErrorCode,
} from './core/errors.js';
export type {
  CallbackName,
  EventContext,
  StepUpEvent,
  StepUpOccurrence,
  WebhookFault,
  WebhookOccurrence,
} from './core/events.js';
export type { GateHealth } from './core/gate-health.js';
export type { AuthsignalSettings, SignedInRequest, StepUpGateOptions } from './core/options.js';
export type {
  ActionChoice,
  ActionPolicy,
  Awaitable,
  BodyReader,
  DtoClass,
  GateMode,
  PolicyDefaults,
  SubjectValue,
  UnavailablePolicy,
  UnenrolledPolicy,
} from './core/policy.js';
export { type RenderedRefusal, renderVerdict } from './core/render-verdict.js';
export type { ReplayStore } from './core/replay-store.js';
export { StepUpGate } from './core/step-up-gate.js';
export type {
  CallBegun,
  CallEnded,
  EvaluationBegun,
  EvaluationEnded,
  Observation,
  ServerAddress,
  Telemetry,
} from './core/telemetry.js';
export type { ApprovedVerdict, RefusedVerdict, Verdict } from './core/verdict.js';
export type {
  ChallengeOffer,
  InvalidField,
  ProofRefusal,
  RefusalCode,
  StepUpProblem,
} from './core/wire.js';
export { createStepUpGate } from './create-step-up-gate.js';
export { MemoryReplayStore, type MemoryReplayStoreOptions } from './replay/memory-replay-store.js';
export type * from './webhook/authsignal-event.js';
export type { WebhookOptions } from './webhook/options.js';
export type * from './whatsapp/options.js';
