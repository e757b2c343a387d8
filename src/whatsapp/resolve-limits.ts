import type { FieldChecks, OptionCheck } from '../core/option-checks.js';
import type { Limit, WhatsAppLimits } from './options.js';

/** Limits with every default in place; an empty list is no limit. */
export interface ResolvedLimits {
  readonly waitsMs: readonly number[];
  readonly number: readonly Limit[];
  readonly user: readonly Limit[];
  readonly ip: readonly Limit[];
  readonly prefix: readonly Limit[];
  readonly budget: readonly Limit[];
  readonly conversion: Exclude<WhatsAppLimits['conversion'], undefined>;
  readonly codesPerFlow: number;
  readonly codes: readonly Limit[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Timers of Node end at 2^31 - 1 ms, and so does what the memory of a limit can wait for. */
const LONGEST_MS = 20 * DAY_MS;

const DEFAULTS: ResolvedLimits = {
  waitsMs: [30 * SECOND_MS, 60 * SECOND_MS, 120 * SECOND_MS, 300 * SECOND_MS],
  number: [
    { max: 3, windowMs: 10 * MINUTE_MS },
    { max: 10, windowMs: DAY_MS },
  ],
  user: [{ max: 5, windowMs: HOUR_MS }],
  ip: [
    { max: 3, windowMs: MINUTE_MS },
    { max: 20, windowMs: DAY_MS },
  ],
  prefix: [{ max: 60, windowMs: HOUR_MS }],
  budget: [{ max: 5_000, windowMs: DAY_MS }],
  conversion: { minSends: 50, minRate: 0.1, windowMs: DAY_MS },
  codesPerFlow: 5,
  codes: [
    { max: 10, windowMs: HOUR_MS },
    { max: 20, windowMs: DAY_MS },
    { max: 100, windowMs: LONGEST_MS },
  ],
};

const isWindow = (ms: unknown): boolean =>
  typeof ms === 'number' && Number.isInteger(ms) && ms >= SECOND_MS && ms <= LONGEST_MS;
const isCount = (max: unknown): boolean => Number.isSafeInteger(max) && Number(max) > 0;

const limits: OptionCheck = (value) =>
  value === false ||
  (Array.isArray(value) &&
    value.length > 0 &&
    value.every((limit) => isCount(limit?.max) && isWindow(limit?.windowMs)))
    ? undefined
    : 'a list of { max, windowMs } with 1 second to 20 days, or false';

export const LIMIT_CHECKS: FieldChecks<WhatsAppLimits> = {
  waitsMs: (value) =>
    value === false || (Array.isArray(value) && value.length > 0 && value.every(isWindow))
      ? undefined
      : 'a list of milliseconds, at least 1,000 each, or false',
  number: limits,
  user: limits,
  ip: limits,
  prefix: limits,
  budget: limits,
  conversion: conversionFault,
  codesPerFlow: (value) => (isCount(value) ? undefined : 'a whole number above 0'),
  codes: limits,
};

/** What is not given is as {@link WhatsAppLimits} says; `false` is no limit. */
export function resolveLimits(given: WhatsAppLimits): ResolvedLimits {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const named: Partial<ResolvedLimits> = Object.fromEntries(
    set.map(([name, value]) => [name, value === false && name !== 'conversion' ? [] : value]),
  );
  return Object.freeze({ ...DEFAULTS, ...structuredClone(named) });
}

function conversionFault(value: unknown): string | undefined {
  if (value === false) {
    return undefined;
  }
  const { minSends, minRate, windowMs } = Object(value);
  return isCount(minSends) &&
    isWindow(windowMs) &&
    typeof minRate === 'number' &&
    minRate > 0 &&
    minRate <= 1
    ? undefined
    : '{ minSends, minRate between 0 and 1, windowMs }, or false';
}
