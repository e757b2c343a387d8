import { MemoryReplayStore } from 'authsignal-guard';

/** @typedef {import('authsignal-guard').ReplayStore} ReplayStore */
/** @typedef {import('./dice.mjs').Dice} Dice */
/** @typedef {import('./tally.mjs').Tally} Tally */

const LATE_MS = 400;
const SLOW_MS = 20;

/**
 * A replay store in memory that throws before or after it has burned, is slow, or answers after the deadline.
 *
 * @implements {ReplayStore}
 */
export class FaultyStore {
  #memory;
  #dice;
  #tally;
  #forgets;

  /** @param {{ dice: Dice, tally: Tally, clock: import('authsignal-guard').Clock, forgets: boolean }} parts */
  constructor({ dice, tally, clock, forgets }) {
    this.#memory = new MemoryReplayStore({ clock });
    this.#dice = dice;
    this.#tally = tally;
    this.#forgets = forgets;
  }

  get size() {
    return this.#memory.size;
  }

  /** @param {string} key @param {string} owner @param {number} ttlMs */
  burn(key, owner, ttlMs) {
    return this.#somehow('burn', () => {
      const burned = this.#memory.burn(key, owner, ttlMs);
      return burned || (this.#forgets && this.#dice.chance(0.05));
    });
  }

  /** @param {string} key @param {string} owner */
  restore(key, owner) {
    return this.#somehow('restore', () => this.#memory.restore(key, owner));
  }

  /** @template T @param {string} step @param {() => T} work @returns {Promise<T>} */
  async #somehow(step, work) {
    const how = this.#dice.weighted({ well: 960, refuses: 10, loses: 10, slow: 15, late: 5 });
    if (how !== 'well') {
      this.#tally.count(`store ${step} ${how}`);
    }
    switch (how) {
      case 'refuses':
        throw new Error('the store is down');
      case 'loses':
        work();
        throw new Error('the answer of the store was lost');
      case 'late': {
        const done = work();
        await wait(LATE_MS);
        return done;
      }
      case 'slow':
        await wait(SLOW_MS);
        return work();
      default:
        return work();
    }
  }
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
