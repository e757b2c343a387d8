import type { AuthsignalPort } from './authsignal-port.js';
import { apiUrlFault, authsignalSettings, DEFAULT_TIMEOUT_MS } from './authsignal-settings.js';
import { Binding } from './binding.js';
import { isPlainObject } from './bound-values.js';
import { type Clock, systemClock } from './clock.js';
import { StepUpError } from './errors.js';
import type { StepUpEvent } from './events.js';
import { GuardedTelemetry } from './guarded-telemetry.js';
import { Keyring } from './keyring.js';
import {
  aDuration,
  aFunction,
  aList,
  anything,
  aText,
  checkFields,
  checkObject,
  type FieldChecks,
  having,
} from './option-checks.js';
import type { StepUpGateOptions } from './options.js';
import type { ActionPolicy, BodyReader, DtoClass, PolicyDefaults } from './policy.js';
import { ProofLifetime } from './proof-lifetime.js';
import { describeError } from './redact.js';
import type { ReplayStore } from './replay-store.js';
import { DEFAULT_MAX_PROOF_AGE_MS, POLICY_DEFAULT_CHECKS } from './resolve-policy.js';
import { type PortParts, resolvePort } from './resolve-port.js';
import { StoreHealth } from './store-health.js';
import { type LogSink, WarningLog } from './warning-log.js';
import { PROOF_HEADER } from './wire.js';

/** The parts that the core does not know how to make. */
export interface GateParts extends PortParts {
  readonly memoryStore: (clock: Clock) => ReplayStore;
  readonly readerFor: (dto: DtoClass<unknown>) => BodyReader<unknown>;
}

/** Options with every default in place. Frozen. */
export interface ResolvedOptions {
  readonly port: AuthsignalPort;
  readonly binding: Binding;
  readonly keyring: Keyring;
  /** The Server API secret; missing with a port of the application's own. */
  readonly apiSecretKey: string | undefined;
  readonly replayStore: ReplayStore;
  readonly storeHealth: StoreHealth;
  readonly defaults: PolicyDefaults;
  readonly session: StepUpGateOptions<unknown>['session'];
  readonly actions: readonly string[] | undefined;
  readonly enrollmentUrl: string | undefined;
  readonly timeoutMs: number;
  readonly lifetime: ProofLifetime;
  /** In the spelling for clients. */
  readonly header: string;
  readonly clock: Clock;
  readonly onEvent: ((event: StepUpEvent) => void) | undefined;
  readonly telemetry: GuardedTelemetry | undefined;
  /** What no text that leaves the gate may contain. */
  readonly secrets: readonly string[];
}

const CHECKS: FieldChecks<StepUpGateOptions<unknown>> = {
  ...POLICY_DEFAULT_CHECKS,
  apiSecretKey: aText,
  apiUrl: apiUrlFault,
  authsignal: anything,
  session: aFunction,
  replayStore: having('burn', 'restore'),
  secret: secretFault,
  previousSecrets: (value) =>
    Array.isArray(value) && value.every((item) => secretFault(item) === undefined)
      ? undefined
      : 'a list of texts of at least 16 characters',
  audience: aText,
  actions: aList('Authsignal action codes'),
  enrollmentUrl: aText,
  timeoutMs: aDuration,
  sendTimeoutMs: aDuration,
  circuitBreaker: (value) =>
    value === false || isPlainObject(value) ? undefined : 'false or an object of its options',
  header: (value) =>
    typeof value === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(value)
      ? undefined
      : 'a header name of letters, digits and -',
  clock: having('now'),
  telemetry: having('evaluation', 'call', 'occurred'),
  onEvent: aFunction,
};

/** @throws StepUpError `ERR_STEP_UP_OPTION`, with the option and the fix. */
export function resolveOptions(
  options: StepUpGateOptions<unknown>,
  parts: GateParts,
): ResolvedOptions {
  checkObject('ERR_STEP_UP_OPTION', 'What createStepUpGate takes', options);
  checkFields('ERR_STEP_UP_OPTION', 'createStepUpGate', options, CHECKS);
  const settings = authsignalSettings(options);
  const secret = options.secret ?? settings?.apiSecretKey;
  if (secret === undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_OPTION',
      'createStepUpGate: with a port of your own, `secret` is needed as key material (16 characters).',
    );
  }
  const { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const previousSecrets = options.previousSecrets ?? [];
  const audience = options.audience ?? 'default';
  const secrets = { secret, previousSecrets, audience };
  const keyring = new Keyring(secrets);
  const telemetry = resolveTelemetry(options, keyring, parts.log);
  return Object.freeze({
    port: resolvePort(options, settings, telemetry, parts),
    binding: new Binding(secrets),
    keyring,
    apiSecretKey: settings?.apiSecretKey,
    replayStore: options.replayStore ?? parts.memoryStore(clock),
    storeHealth: new StoreHealth(),
    defaults: Object.freeze(policyDefaults(options)),
    session: options.session,
    actions: options.actions === undefined ? undefined : Object.freeze([...options.actions]),
    enrollmentUrl: options.enrollmentUrl,
    timeoutMs,
    lifetime: new ProofLifetime(options.maxProofAgeMs ?? DEFAULT_MAX_PROOF_AGE_MS),
    header: options.header ?? PROOF_HEADER,
    clock,
    onEvent: options.onEvent,
    telemetry,
    secrets: Object.freeze([
      secret,
      ...previousSecrets,
      ...(settings === undefined ? [] : [settings.apiSecretKey]),
    ]),
  });
}

function resolveTelemetry(
  { telemetry, clock = systemClock }: StepUpGateOptions<unknown>,
  keyring: Keyring,
  log: LogSink,
): GuardedTelemetry | undefined {
  if (telemetry === undefined) {
    return undefined;
  }
  const [key] = keyring.derive('telemetry/v1');
  const warnings = new WarningLog(log, clock);
  return new GuardedTelemetry(telemetry, key, (error) =>
    warnings.warn(`\`telemetry\` failed: ${describeError(error, [])}`),
  );
}

function policyDefaults(options: StepUpGateOptions<unknown>): PolicyDefaults {
  const names = new Set(Object.keys(POLICY_DEFAULT_CHECKS));
  const picked: ActionPolicy = Object.fromEntries(
    Object.entries(options).filter(([name]) => names.has(name)),
  );
  return picked;
}

function secretFault(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= 16
    ? undefined
    : 'a text of at least 16 characters';
}
