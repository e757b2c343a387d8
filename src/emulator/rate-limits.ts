import type { TimeSource } from './emulator-clock.js';
import type { RateLimit } from './limits.js';
import type { EmulatorState } from './state.js';

/** Keys beyond which those without a recent call are swept out. */
const KEYS_BEFORE_SWEEP = 10_000;

/** Sliding windows, one for each kind and key. */
export class RateLimits {
  readonly #state: EmulatorState;
  readonly #clock: TimeSource;

  constructor(state: EmulatorState, clock: TimeSource) {
    this.#state = state;
    this.#clock = clock;
  }

  /**
   * Counts one call and lets it through (0), or does neither and answers how many milliseconds are
   * left until the next one is let through.
   */
  take(kind: string, key: string, limit: RateLimit): number {
    const now = this.#clock.now();
    const hits = this.#state.hits;
    const name = `${kind} ${key}`;
    const recent = (hits.get(name) ?? []).filter((time) => time > now - limit.windowMs);
    if (recent.length >= limit.max) return (recent[0] ?? now) + limit.windowMs - now;
    if (hits.size > KEYS_BEFORE_SWEEP) this.#sweep(`${kind} `, now - limit.windowMs);
    hits.set(name, [...recent, now]);
    this.#state.changed();
    return 0;
  }

  #sweep(kind: string, before: number): void {
    for (const [name, times] of this.#state.hits) {
      const isOver = name.startsWith(kind) && times.every((time) => time <= before);
      if (isOver) this.#state.hits.delete(name);
    }
  }
}
