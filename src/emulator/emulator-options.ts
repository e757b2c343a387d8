import { ActionBook, type ActionSettings } from './action-settings.js';
import { isOutcome, type Outcome } from './action-state.js';
import type { TimeSource } from './emulator-clock.js';
import { EmulatorError } from './emulator-error.js';
import { type EmulatorLimits, resolveLimits } from './limits.js';
import type { Message } from './message.js';
import { type EmulatorSwitches, resolveSwitches } from './switches.js';
import { type EmulatedVerificationMethod, isVerificationMethod } from './verification-method.js';
import { isLoopback } from './window/visitor.js';

/** How the stand-in is set up. Everything is optional. */
export interface EmulatorOptions {
  /** Default `127.0.0.1`: nobody but this machine. */
  readonly host?: string;
  /** Default 0: chosen by the system. */
  readonly port?: number;
  /** The API secret. Default `emulator-secret`. */
  readonly secret?: string;
  /** Default `emulator-tenant`. */
  readonly tenantId?: string;
  /** Of actions without settings of their own. Default `ALLOW`, as Authsignal's is. */
  readonly defaultOutcome?: Outcome;
  /** By action code. */
  readonly actions?: Readonly<Record<string, ActionSettings>>;
  /** The methods that are switched on. Default: WHATSAPP, SMS, EMAIL_OTP, EMAIL_MAGIC_LINK, AUTHENTICATOR_APP and PASSKEY. */
  readonly verificationMethods?: readonly EmulatedVerificationMethod[];
  /** Where the time comes from; `emulator.clock` moves on top of it. Default: the system's. */
  readonly clock?: TimeSource;
  /** Keeps the state over a restart. The folder must exist. Default: in memory only. */
  readonly dataFile?: string;
  readonly switches?: Partial<EmulatorSwitches>;
  readonly limits?: Partial<EmulatorLimits>;
  /**
   * The page at `/` that shows and changes all of this. Default: only while nobody but this machine
   * can reach the emulator, that is if `host` is a loopback address.
   */
  readonly window?: boolean;
  /** Called with each message as it is sent. */
  readonly onMessage?: (message: Message) => void;
}

export interface ResolvedEmulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly tenantId: string;
  readonly actions: ActionBook;
  readonly methods: readonly EmulatedVerificationMethod[];
  readonly switches: EmulatorSwitches;
  readonly limits: EmulatorLimits;
  readonly window: boolean;
}

const KNOWN: Readonly<Record<keyof EmulatorOptions, true>> = {
  host: true,
  port: true,
  secret: true,
  tenantId: true,
  defaultOutcome: true,
  actions: true,
  verificationMethods: true,
  clock: true,
  dataFile: true,
  switches: true,
  limits: true,
  window: true,
  onMessage: true,
};

const DEFAULT_METHODS = [
  'WHATSAPP',
  'SMS',
  'EMAIL_OTP',
  'EMAIL_MAGIC_LINK',
  'AUTHENTICATOR_APP',
  'PASSKEY',
] as const;

/** @throws EmulatorError `option_invalid` naming the option. */
export function resolveOptions(given: EmulatorOptions): ResolvedEmulatorOptions {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(KNOWN, name)) throw invalid(name, 'is not an option of the emulator');
  }
  const { port = 0, defaultOutcome = 'ALLOW', verificationMethods = DEFAULT_METHODS } = given;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid('port', 'must be a whole number from 0 to 65535');
  }
  if (!isOutcome(defaultOutcome)) {
    throw invalid('defaultOutcome', 'must be ALLOW, CHALLENGE, REVIEW or BLOCK');
  }
  if (!Array.isArray(verificationMethods) || !verificationMethods.every(isVerificationMethod)) {
    throw invalid('verificationMethods', "must be a list of Authsignal's method names");
  }
  for (const name of ['actions', 'switches', 'limits'] as const) {
    const value: unknown = given[name];
    if (value !== undefined && (typeof value !== 'object' || value === null)) {
      throw invalid(name, 'must be an object');
    }
  }
  if (given.window !== undefined && typeof given.window !== 'boolean') {
    throw invalid('window', 'must be true or false');
  }
  if (given.dataFile === '') throw invalid('dataFile', 'must be a path');
  const host = textOr(given.host, 'host', '127.0.0.1');
  return {
    host,
    port,
    secret: textOr(given.secret, 'secret', 'emulator-secret'),
    tenantId: textOr(given.tenantId, 'tenantId', 'emulator-tenant'),
    actions: new ActionBook(defaultOutcome, given.actions),
    methods: [...verificationMethods],
    switches: resolveSwitches(given.switches),
    limits: resolveLimits(given.limits),
    window: given.window ?? isLoopback(host),
  };
}

function textOr(value: unknown, name: string, otherwise: string): string {
  if (value === undefined) return otherwise;
  if (typeof value !== 'string' || value === '') throw invalid(name, 'must be a text');
  return value;
}

function invalid(name: string, problem: string): EmulatorError {
  return new EmulatorError('option_invalid', `${name} ${problem}.`);
}
