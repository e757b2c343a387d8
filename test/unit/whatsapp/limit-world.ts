import type { CounterFactory } from '../../../src/whatsapp/counters.js';
import type { WhatsAppLimits } from '../../../src/whatsapp/options.js';
import type { ResolvedLimits } from '../../../src/whatsapp/resolve-limits.js';
import { resolveWhatsAppOptions } from '../../../src/whatsapp/resolve-options.js';
import type { Send } from '../../../src/whatsapp/send-limits.js';

/** Where the counters of one test live, with a time that can be moved. */
export interface LimitWorld {
  readonly counters: CounterFactory;
  pass(ms: number): Promise<void>;
}

/** What limits must do, wherever they count. */
export interface Behaviour {
  readonly name: string;
  run(world: LimitWorld): Promise<void>;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Stores count whole seconds and round down; real time passes in a Redis, too. */
export const SLACK = 2 * SECOND;

const ALL_OFF: WhatsAppLimits = {
  waitsMs: false,
  number: false,
  user: false,
  ip: false,
  prefix: false,
  budget: false,
  conversion: false,
};

/** These limits alone. */
export function onlyLimits(limits: WhatsAppLimits): ResolvedLimits {
  return resolveWhatsAppOptions({ countries: 'any', limits: { ...ALL_OFF, ...limits } }).limits;
}

export const defaultLimits = (): ResolvedLimits =>
  resolveWhatsAppOptions({ countries: 'any' }).limits;

export function sendTo(phoneNumber: string, more: Partial<Send> = {}): Send {
  return { phoneNumber, subject: null, ip: '203.0.113.1', ...more };
}

/** A send that shares nothing with one of another index. */
export function someSend(index: number): Send {
  const number = String(index).padStart(3, '0');
  return {
    phoneNumber: `+64${number}0001111`,
    subject: `user-${index}`,
    ip: `198.51.${100 + Math.floor(index / 256)}.${index % 256}`,
  };
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** One after the other, as they would come over a day. */
export async function inTurn<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) {
    results.push(await make(index));
  }
  return results;
}

export const allowed = (results: readonly { readonly ok: boolean }[]): number =>
  results.filter(({ ok }) => ok).length;
