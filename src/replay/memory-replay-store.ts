import { type Clock, systemClock } from '../core/clock.js';
import { StepUpError } from '../core/errors.js';
import type { ReplayStore } from '../core/replay-store.js';

export interface MemoryReplayStoreOptions {
  /** How many used proofs it can remember at once. Default 100,000, about 25 MB. */
  readonly maxKeys?: number;
  readonly clock?: Clock;
}

interface Burned {
  readonly owner: string;
  readonly expiresAt: number;
}

/** Looked at with each burn, so that expired keys go without a pause and without a timer. */
const SWEEP_PER_BURN = 4;

/**
 * Remembers used proofs in the memory of one process. Two processes that each have one would both
 * accept the same proof: with more than one, share a store such as `RedisReplayStore`.
 *
 * A live key is never forgotten. When `maxKeys` are live, `burn` throws
 * `ERR_STEP_UP_REPLAY_STORE_FULL` and the gate answers 503.
 */
export class MemoryReplayStore implements ReplayStore {
  readonly #burned = new Map<string, Burned>();
  readonly #maxKeys: number;
  readonly #clock: Clock;
  #sweep: Iterator<[string, Burned]> = this.#burned.entries();
  /** No key expires before this moment, so a full store need not be searched until then. */
  #fullUntil = 0;

  constructor(options: MemoryReplayStoreOptions = {}) {
    const { maxKeys = 100_000, clock = systemClock } = options;
    if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
      throw new StepUpError(
        'ERR_STEP_UP_OPTION',
        'MemoryReplayStore: `maxKeys` must be a whole number above 0.',
      );
    }
    this.#maxKeys = maxKeys;
    this.#clock = clock;
  }

  /** How many keys it holds; expired ones among them until they are met. */
  get size(): number {
    return this.#burned.size;
  }

  burn(key: string, owner: string, ttlMs: number): boolean {
    const now = this.#clock.now();
    this.#sweepSome(now);
    const known = this.#burned.get(key);
    if (known !== undefined && known.expiresAt > now) {
      return false;
    }
    if (known === undefined) {
      this.#makeRoom(now);
    }
    this.#burned.set(key, { owner, expiresAt: now + ttlMs });
    this.#fullUntil = 0;
    return true;
  }

  restore(key: string, owner: string): void {
    if (this.#burned.get(key)?.owner === owner) {
      this.#burned.delete(key);
    }
  }

  #sweepSome(now: number): void {
    for (let looked = 0; looked < SWEEP_PER_BURN; looked += 1) {
      const next = this.#sweep.next();
      if (next.done === true) {
        this.#sweep = this.#burned.entries();
        return;
      }
      const [key, { expiresAt }] = next.value;
      if (expiresAt <= now) {
        this.#burned.delete(key);
      }
    }
  }

  #makeRoom(now: number): void {
    if (this.#burned.size < this.#maxKeys) {
      return;
    }
    if (now >= this.#fullUntil) {
      this.#fullUntil = this.#dropExpired(now);
    }
    if (this.#burned.size >= this.#maxKeys) {
      throw new StepUpError(
        'ERR_STEP_UP_REPLAY_STORE_FULL',
        `MemoryReplayStore: all ${this.#maxKeys} keys are live. Raise \`maxKeys\`.`,
      );
    }
  }

  /** @returns when the next of the remaining keys expires. */
  #dropExpired(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const [key, { expiresAt }] of this.#burned) {
      if (expiresAt <= now) {
        this.#burned.delete(key);
      } else {
        next = Math.min(next, expiresAt);
      }
    }
    return next;
  }
}
