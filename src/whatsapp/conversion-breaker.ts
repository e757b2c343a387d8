import type { Counter, CounterFactory } from './counters.js';

export interface ConversionRule {
  readonly minSends: number;
  readonly minRate: number;
  readonly windowMs: number;
}

/**
 * Stops sending to a prefix of which almost no code comes back: that is what pumped traffic looks
 * like, since whoever earns by messages has no use for the codes in them.
 */
export class ConversionBreaker {
  readonly #rule: ConversionRule;
  readonly #sends: Counter;
  readonly #verified: Counter;

  constructor(rule: ConversionRule, counters: CounterFactory) {
    const unlimited = { max: Number.MAX_SAFE_INTEGER, windowMs: rule.windowMs };
    this.#rule = rule;
    this.#sends = counters('conversion-sends', unlimited);
    this.#verified = counters('conversion-verified', unlimited);
  }

  /** How long to wait, in milliseconds, or `undefined` where sending is fine. */
  async refuses(prefix: string): Promise<number | undefined> {
    const { minSends, minRate, windowMs } = this.#rule;
    const sends = await this.#sends.count(prefix);
    if (sends < minSends) {
      return undefined;
    }
    const verified = await this.#verified.count(prefix);
    // The end of the window is as far away as it can be; nothing better is known without a second look.
    return verified / sends < minRate ? Math.min(windowMs, RETRY_MS) : undefined;
  }

  async sent(prefix: string): Promise<void> {
    await this.#sends.take(prefix);
  }

  async notSent(prefix: string): Promise<void> {
    await this.#sends.giveBack(prefix);
  }

  async verified(prefix: string): Promise<void> {
    await this.#verified.take(prefix);
  }
}

const RETRY_MS = 3_600_000;
