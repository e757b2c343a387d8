export type { ActionSettings, ResolvedActionSettings } from './action-settings.js';
export type { EmulatedActionState, Outcome } from './action-state.js';
export type { CallName } from './call-name.js';
export type { Emulator } from './emulator.js';
export type { EmulatorActions, RecordFilter } from './emulator-actions.js';
export type { EmulatorClock, TimeSource } from './emulator-clock.js';
export { EmulatorError, type EmulatorErrorCode } from './emulator-error.js';
export type { EmulatorOptions } from './emulator-options.js';
export type { EmulatedUser, EmulatorUsers, Enrolment } from './emulator-users.js';
export type { EmulatorFaults, Fault, FaultKind, FaultMatch } from './faults.js';
export type { EmulatorInbox } from './inbox.js';
export type { EmulatorLimits, RateLimit } from './limits.js';
export type {
  ActionRecord,
  AuthenticatorRecord,
  CustomData,
  MatchedRule,
  Message,
  UserRecord,
} from './records.js';
export type { EmulatorRequests, LoggedRequest } from './request-log.js';
export type { EmulatorRule, JsonLogic, ResolvedRule } from './rules.js';
export { startEmulator } from './start-emulator.js';
export type { ActionReference } from './state.js';
export type { EmulatorSwitches } from './switches.js';
export type { EmulatedVerificationMethod } from './verification-method.js';
