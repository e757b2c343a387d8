import { EmulatorError } from './emulator-error.js';

/** At most `max` calls within any `windowMs` milliseconds. */
export interface RateLimit {
  readonly max: number;
  readonly windowMs: number;
}

/** Sizes, lifetimes and rates. Lifetimes and windows are milliseconds. */
export interface EmulatorLimits {
  /** Digits of a one-time code, 2 to 10. */
  readonly codeLength: number;
  readonly tokenLifetimeMs: number;
  readonly challengeLifetimeMs: number;
  /** The wrong code with this number answers `MAX_ATTEMPTS_EXCEEDED` and ends the challenge's code. */
  readonly attemptsPerChallenge: number;
  /** WhatsApp and SMS messages, counted for each number. */
  readonly sends: RateLimit;
  /** E-mail messages, counted for each address. */
  readonly emailSends: RateLimit;
  /** Codes handed in, counted for each number or address. */
  readonly verifies: RateLimit;
}

const MINUTE = 60_000;

export const DEFAULT_LIMITS: EmulatorLimits = Object.freeze({
  codeLength: 6,
  tokenLifetimeMs: 10 * MINUTE,
  challengeLifetimeMs: 10 * MINUTE,
  attemptsPerChallenge: 10,
  sends: { max: 6, windowMs: 10 * MINUTE },
  emailSends: { max: 12, windowMs: 10 * MINUTE },
  verifies: { max: 10, windowMs: 5 * MINUTE },
});

/** @throws EmulatorError `option_invalid` naming the limit. */
export function resolveLimits(given: Partial<EmulatorLimits> = {}): EmulatorLimits {
  for (const name of Object.keys(given)) {
    if (!(name in DEFAULT_LIMITS)) throw invalid(name, 'is not a limit of the emulator');
  }
  const limits = { ...DEFAULT_LIMITS, ...given };
  if (!isWithin(limits.codeLength, 2, 10)) throw invalid('codeLength', 'must be from 2 to 10');
  for (const name of ['tokenLifetimeMs', 'challengeLifetimeMs', 'attemptsPerChallenge'] as const) {
    if (!isWithin(limits[name], 1)) throw invalid(name, 'must be a whole number of at least 1');
  }
  for (const name of ['sends', 'emailSends', 'verifies'] as const) {
    const limit: Partial<RateLimit> | null = limits[name];
    if (!isWithin(limit?.max, 0) || !isWithin(limit?.windowMs, 1)) {
      throw invalid(name, 'must be { max, windowMs } in whole numbers');
    }
  }
  return Object.freeze(limits);
}

function isWithin(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return (
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
  );
}

function invalid(name: string, problem: string): EmulatorError {
  return new EmulatorError('option_invalid', `limits.${name} ${problem}.`);
}
