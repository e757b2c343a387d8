import type { GateHealth } from './gate-health.js';

/** For how long a failure is held against the store while nobody asks it anything. */
const MEMORY_MS = 10_000;

/** How the last steps of the replay store ended. */
export class StoreHealth {
  #failedAt: number | undefined;
  #hasWorked = false;

  worked(): void {
    this.#hasWorked = true;
    this.#failedAt = undefined;
  }

  failed(now: number): void {
    this.#failedAt = now;
  }

  /** An old failure is forgotten: a process that is given no requests because of it would never learn better. */
  state(now: number): GateHealth['replayStore'] {
    if (this.#failedAt !== undefined && now - this.#failedAt < MEMORY_MS) {
      return 'failing';
    }
    return this.#hasWorked && this.#failedAt === undefined ? 'working' : 'unknown';
  }
}
