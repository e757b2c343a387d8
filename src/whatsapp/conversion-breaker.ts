import type { Counter, CounterFactory, Supply, Taken } from './counters.js';

export interface ConversionRule {
  readonly minSends: number;
  readonly minRate: number;
  readonly windowMs: number;
}

/**
 * Stops sending to a prefix of which almost no code comes back: that is what pumped traffic looks
 * like, since whoever earns by messages has no use for the codes in them.
 */
export class ConversionBreaker implements Supply {
  readonly #rule: ConversionRule;
  readonly #sends: Counter;
  readonly #verified: Counter;

  constructor(rule: ConversionRule, counters: CounterFactory) {
    const unlimited = { max: Number.MAX_SAFE_INTEGER, windowMs: rule.windowMs };
    this.#rule = rule;
    this.#sends = counters('conversion-sends', unlimited);
    this.#verified = counters('conversion-verified', unlimited);
  }

  async waitFor(prefix: string): Promise<number> {
    const { count, endsInMs } = await this.#sends.read(prefix);
    return (await this.#isPumped(prefix, count)) ? Math.max(endsInMs, SHORTEST_WAIT_MS) : 0;
  }

  async take(prefix: string): Promise<Taken> {
    const taken = await this.#sends.take(prefix);
    if (!taken.ok) {
      return taken;
    }
    if (taken.count === 1) {
      // Codes and messages are counted in one window: the codes' own would end within the next.
      await this.#verified.clear(prefix);
    }
    if (await this.#isPumped(prefix, taken.count - 1)) {
      await taken.giveBack();
      return { ok: false, retryAfterMs: SHORTEST_WAIT_MS };
    }
    return taken;
  }

  /** A code came back. */
  async verified(prefix: string): Promise<void> {
    await this.#verified.take(prefix);
  }

  async #isPumped(prefix: string, sends: number): Promise<boolean> {
    const { minSends, minRate } = this.#rule;
    if (sends < minSends) {
      return false;
    }
    const { count } = await this.#verified.read(prefix);
    return count / sends < minRate;
  }
}

const SHORTEST_WAIT_MS = 1_000;
