import type { SendLimitName } from '../core/events.js';
import { clientOf } from './client-address.js';
import { ConversionBreaker } from './conversion-breaker.js';
import type { Counter, CounterFactory } from './counters.js';
import type { Limit } from './options.js';
import { prefixOf } from './phone-number.js';
import type { ResolvedLimits } from './resolve-options.js';

/** Whom a message goes to, and who asked for it. */
export interface Send {
  readonly phoneNumber: string;
  readonly subject: string | null;
  readonly ip: string | undefined;
}

export type SendPermit =
  | {
      readonly ok: true;
      /** How long the next message to this number has to wait. */
      readonly resendAfterMs: number;
      /** Undoes the count, for a message that was surely not sent. */
      readonly giveBack: () => Promise<void>;
    }
  | { readonly ok: false; readonly limit: SendLimitName; readonly retryAfterMs: number };

interface Gauge {
  readonly limit: SendLimitName;
  readonly counter: Counter;
  readonly keyOf: (send: Send) => string | undefined;
}

/** A number's messages within this time make its next wait longer. */
const ROW_MS = 3_600_000;

/**
 * Counts a message before it is sent. Whatever one limit refuses is given back to all others, so
 * that refused requests use up nobody's share.
 */
export class SendLimits {
  readonly #gauges: readonly Gauge[];
  readonly #breaker: ConversionBreaker | undefined;
  readonly #waitsMs: readonly number[];
  readonly #wait: Counter;
  readonly #row: Counter;

  constructor(limits: ResolvedLimits, counters: CounterFactory) {
    const gauges =
      (limit: SendLimitName, keyOf: Gauge['keyOf']) =>
      (given: Limit): Gauge => ({ limit, keyOf, counter: counters(`send-${limit}`, given) });
    // The widest first: what a flood exhausts is found before it leaves a trace of each client.
    this.#gauges = [
      ...limits.budget.map(gauges('budget', () => 'all')),
      ...limits.prefix.map(gauges('prefix', ({ phoneNumber }) => prefixOf(phoneNumber))),
      ...limits.ip.map(gauges('ip', ({ ip }) => clientOf(ip))),
      ...limits.user.map(gauges('user', ({ subject }) => subject ?? undefined)),
      ...limits.number.map(gauges('number', ({ phoneNumber }) => phoneNumber)),
    ];
    this.#breaker =
      limits.conversion === false ? undefined : new ConversionBreaker(limits.conversion, counters);
    this.#waitsMs = limits.waitsMs;
    this.#wait = counters('send-wait', { max: 1, windowMs: Math.max(...limits.waitsMs, 1_000) });
    this.#row = counters('send-row', { max: Number.MAX_SAFE_INTEGER, windowMs: ROW_MS });
  }

  /** Rejects when the store cannot tell. */
  async take(send: Send): Promise<SendPermit> {
    const prefix = prefixOf(send.phoneNumber);
    const broken = await this.#breaker?.refuses(prefix);
    if (broken !== undefined) {
      return { ok: false, limit: 'conversion', retryAfterMs: broken };
    }
    const undo: (() => Promise<void>)[] = [];
    for (const { limit, counter, keyOf } of this.#gauges) {
      const key = keyOf(send);
      if (key === undefined) {
        continue;
      }
      const taken = await counter.take(key);
      undo.push(() => counter.giveBack(key));
      if (!taken.ok) {
        await inTurn(undo);
        return { ok: false, limit, retryAfterMs: taken.retryAfterMs };
      }
    }
    return this.#takeWait(send.phoneNumber, undo);
  }

  /** A right code: the number's waits start from the first again, and its prefix converts. */
  async verified(phoneNumber: string): Promise<void> {
    await this.#row.clear(phoneNumber);
    await this.#breaker?.verified(prefixOf(phoneNumber));
  }

  async #takeWait(phoneNumber: string, undo: (() => Promise<void>)[]): Promise<SendPermit> {
    const before = await this.#row.count(phoneNumber);
    const step = Math.min(before, this.#waitsMs.length - 1);
    const resendAfterMs = this.#waitsMs[step] ?? 0;
    if (resendAfterMs > 0) {
      const taken = await this.#wait.take(phoneNumber, resendAfterMs);
      if (!taken.ok) {
        // The wait itself stays as it is: asking too early neither ends nor lengthens it.
        await inTurn(undo);
        return { ok: false, limit: 'wait', retryAfterMs: taken.retryAfterMs };
      }
      undo.push(() => this.#wait.clear(phoneNumber));
    }
    await this.#row.take(phoneNumber);
    undo.push(() => this.#row.giveBack(phoneNumber));
    await this.#breaker?.sent(prefixOf(phoneNumber));
    undo.push(async () => this.#breaker?.notSent(prefixOf(phoneNumber)));
    return { ok: true, resendAfterMs, giveBack: () => inTurn(undo) };
  }
}

async function inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps) {
    await step();
  }
}
