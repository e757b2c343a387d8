import type { SendLimitName } from '../core/events.js';
import { clientOf } from './client-address.js';
import { ConversionBreaker } from './conversion-breaker.js';
import type { Counter, CounterFactory, Supply } from './counters.js';
import type { Limit } from './options.js';
import { prefixOf } from './phone-number.js';
import type { ResolvedLimits } from './resolve-limits.js';
import { type Share, takeShares } from './shares.js';

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
  readonly supply: Supply;
  readonly keyOf: (send: Send) => string | undefined;
}

interface SendShare extends Share {
  readonly limit: SendLimitName;
}

/** A number's messages within this time make its next wait longer. */
const ROW_MS = 3_600_000;

/** Counts a message before it is sent. Requests that are refused use up nobody's share. */
export class SendLimits {
  readonly #gauges: readonly Gauge[];
  readonly #breaker: ConversionBreaker | undefined;
  readonly #waitsMs: readonly number[];
  readonly #wait: Counter;
  readonly #row: Counter;

  constructor(limits: ResolvedLimits, counters: CounterFactory) {
    const gauges =
      (limit: SendLimitName, keyOf: Gauge['keyOf']) =>
      (given: Limit): Gauge => ({ limit, keyOf, supply: counters(`send-${limit}`, given) });
    const prefixOfSend = ({ phoneNumber }: Send): string => prefixOf(phoneNumber);
    this.#breaker =
      limits.conversion === false ? undefined : new ConversionBreaker(limits.conversion, counters);
    this.#gauges = [
      ...limits.number.map(gauges('number', ({ phoneNumber }) => phoneNumber)),
      ...limits.user.map(gauges('user', ({ subject }) => subject ?? undefined)),
      ...limits.ip.map(gauges('ip', ({ ip }) => clientOf(ip))),
      ...limits.prefix.map(gauges('prefix', prefixOfSend)),
      ...(this.#breaker === undefined
        ? []
        : [{ limit: 'conversion', supply: this.#breaker, keyOf: prefixOfSend } as const]),
      ...limits.budget.map(gauges('budget', () => 'all')),
    ];
    this.#waitsMs = limits.waitsMs;
    this.#wait = counters('send-wait', { max: 1, windowMs: Math.max(...limits.waitsMs, 1_000) });
    this.#row = counters('send-row', { max: Number.MAX_SAFE_INTEGER, windowMs: ROW_MS });
  }

  /** Rejects when the store cannot tell. */
  async take(send: Send): Promise<SendPermit> {
    const resendAfterMs = await this.#nextWait(send.phoneNumber);
    const taken = await takeShares([
      ...this.#waitShares(send.phoneNumber, resendAfterMs),
      ...this.#gauges.flatMap(({ limit, supply, keyOf }): SendShare[] => {
        const key = keyOf(send);
        return key === undefined ? [] : [{ limit, supply, key }];
      }),
    ]);
    return taken.ok
      ? { ...taken, resendAfterMs }
      : { ok: false, limit: taken.share.limit, retryAfterMs: taken.retryAfterMs };
  }

  /** A right code: the number's waits start from the first again, and its prefix converts. */
  async verified(phoneNumber: string): Promise<void> {
    await this.#row.clear(phoneNumber);
    await this.#breaker?.verified(prefixOf(phoneNumber));
  }

  async #nextWait(phoneNumber: string): Promise<number> {
    if (this.#waitsMs.length === 0) {
      return 0;
    }
    const { count } = await this.#row.read(phoneNumber);
    return this.#waitsMs[Math.min(count, this.#waitsMs.length - 1)] ?? 0;
  }

  /** Asking too early neither ends the wait nor lengthens it. */
  #waitShares(key: string, windowMs: number): readonly SendShare[] {
    return windowMs === 0
      ? []
      : [
          { limit: 'wait', supply: this.#wait, key, windowMs },
          { limit: 'wait', supply: this.#row, key },
        ];
  }
}
