import { randomBytes, randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryReplayStore } from 'authsignal-guard';
import { TestClock } from 'authsignal-guard/testing';

/**
 * @typedef {object} Memory
 * @property {number} keys live ones
 * @property {number} bytesPerKey heap
 * @property {number} burnP99Us with so many live keys, as many expiring as are burned
 * @property {number} longestBurnMs
 * @property {number} longestPauseMs of the event loop under these burns
 * @property {number} longestFullBurnMs the burn that finds a full store and searches it for what has expired
 */

const KEYS = 100_000;
const PER_TURN = 50;

/** As long as a binding, and one flat text as one that was parsed. */
const freshKey = () => randomBytes(43).toString('base64url');

/**
 * @param {number} burns
 * @returns {Promise<Memory>}
 */
export async function measureMemory(burns) {
  const clock = new TestClock();
  const store = new MemoryReplayStore({ maxKeys: 2 * KEYS, clock });
  const bytesPerKey = fill(store, clock) / KEYS;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  /** @type {number[]} */
  const times = [];
  for (let done = 0; done < burns; done += PER_TURN) {
    for (let index = 0; index < PER_TURN; index += 1) {
      clock.advance(1);
      times.push(timeBurn(store, KEYS));
    }
    await nextTurn();
  }
  delay.disable();
  times.sort((one, other) => one - other);
  return {
    keys: store.size,
    bytesPerKey,
    burnP99Us: (times[Math.floor(times.length * 0.99)] ?? 0) * 1000,
    longestBurnMs: times.at(-1) ?? 0,
    longestPauseMs: delay.max / 1e6,
    longestFullBurnMs: longestFullBurn(),
  };
}

/**
 * Live keys, one of which expires with each millisecond.
 *
 * @param {MemoryReplayStore} store
 * @param {TestClock} clock
 * @returns {number} bytes of heap that they take
 */
function fill(store, clock) {
  const before = heapUsed();
  for (let index = 0; index < KEYS; index += 1) {
    clock.advance(1);
    store.burn(freshKey(), randomUUID(), KEYS);
  }
  return heapUsed() - before;
}

/** @param {MemoryReplayStore} store @param {number} ttlMs */
function timeBurn(store, ttlMs) {
  const key = freshKey();
  const owner = randomUUID();
  const started = performance.now();
  store.burn(key, owner, ttlMs);
  return performance.now() - started;
}

/** A store that is full of live keys but for one, which it has to find. */
function longestFullBurn() {
  let longest = 0;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const clock = new TestClock();
    const store = new MemoryReplayStore({ maxKeys: KEYS, clock });
    for (let index = 1; index < KEYS; index += 1) {
      store.burn(freshKey(), 'me', KEYS);
    }
    store.burn(freshKey(), 'me', 10);
    clock.advance(20);
    longest = Math.max(longest, timeBurn(store, KEYS));
  }
  return longest;
}

function heapUsed() {
  if (globalThis.gc === undefined) {
    throw new Error('Memory is measured under --expose-gc.');
  }
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
