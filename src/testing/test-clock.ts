import type { Clock } from '../core/clock.js';

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #now: number;

  /** @param now milliseconds since the epoch; by default 2026-01-01T00:00:00Z. */
  constructor(now: number = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** @param ms may be negative. */
  advance(ms: number): void {
    this.#now += ms;
  }

  /** @param ms milliseconds since the epoch. */
  set(ms: number): void {
    this.#now = ms;
  }
}
