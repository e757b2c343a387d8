import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit } from './options.js';

/** Whether one more was within the limit; if not, when the next is. What is refused does not count. */
export type Taken =
  | {
      readonly ok: true;
      /** How many there are now, with this one. */
      readonly count: number;
      /** Undoes the count. Asked again, or after the end of the window, it does nothing. */
      readonly giveBack: () => Promise<void>;
    }
  | { readonly ok: false; readonly retryAfterMs: number };

/** Something of which there is so much for a key. Rejects when its store cannot tell. */
export interface Supply {
  take(key: string, windowMs?: number): Promise<Taken>;
  /** How long until one more can be taken, in milliseconds; 0 is now. Leaves no trace. */
  waitFor(key: string): Promise<number>;
}

/** Counts by key within a window of time, which begins with the first of them. */
export interface Counter extends Supply {
  clear(key: string): Promise<void>;
  /** Lets none be taken any more within a window that begins now. */
  exhaust(key: string): Promise<void>;
  /** How many were taken and not given back, and when that is forgotten. */
  read(key: string): Promise<{ readonly count: number; readonly endsInMs: number }>;
}

/** Makes counters in the memory of this process, or in a Redis that processes share. */
export type CounterFactory = (name: string, limit: Limit) => Counter;

type Limiter = RateLimiterMemory | RateLimiterRedis;

/**
 * @param store a client of ioredis or node-redis; without one the memory of this process.
 * @param audience tells applications that share a store apart.
 */
export function counterFactory(store: object | undefined, audience: string): CounterFactory {
  return (name, { max, windowMs }) => {
    const settings = {
      keyPrefix: `authsignal-guard:${audience}:${name}:${windowMs}`,
      points: max,
      duration: Math.ceil(windowMs / 1000),
    };
    return counterOn(
      store === undefined
        ? new RateLimiterMemory(settings)
        : new RateLimiterRedis({
            ...settings,
            storeClient: store,
            // ioredis defines commands on the client; node-redis has `eval` with an object.
            useRedisPackage: !('defineCommand' in store),
            rejectIfRedisNotReady: true,
          }),
    );
  };
}

const SHORTEST_WAIT_MS = 1_000;

function counterOn(limiter: Limiter): Counter {
  const read: Counter['read'] = async (key) => {
    const result = await limiter.get(key);
    const { consumedPoints, msBeforeNext } = result === null ? NOTHING : checked(result);
    return msBeforeNext <= 0
      ? { count: 0, endsInMs: 0 }
      : { count: consumedPoints, endsInMs: msBeforeNext };
  };
  return {
    read,
    async waitFor(key) {
      const { count, endsInMs } = await read(key);
      return count < limiter.points ? 0 : Math.max(endsInMs, SHORTEST_WAIT_MS);
    },
    async take(key, windowMs) {
      const { isWithin, result } = await consume(limiter, key, windowMs);
      const { consumedPoints, msBeforeNext } = checked(result);
      const undo = undoing(limiter, key, Date.now() + msBeforeNext);
      if (!isWithin) {
        await undo();
        return { ok: false, retryAfterMs: Math.max(msBeforeNext, SHORTEST_WAIT_MS) };
      }
      // A window of its own length must not be there for the next one, which may have another.
      const giveBack = windowMs === undefined ? undo : () => forget(limiter, key);
      return { ok: true, count: consumedPoints, giveBack };
    },
    clear: (key) => forget(limiter, key),
    async exhaust(key) {
      await limiter.block(key, limiter.duration);
    },
  };
}

const NOTHING = { consumedPoints: 0, msBeforeNext: 0 };

async function consume(
  limiter: Limiter,
  key: string,
  windowMs: number | undefined,
): Promise<{ readonly isWithin: boolean; readonly result: RateLimiterRes }> {
  const options = windowMs === undefined ? {} : { customDuration: Math.ceil(windowMs / 1000) };
  try {
    return { isWithin: true, result: await limiter.consume(key, 1, options) };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) {
      return { isWithin: false, result: refusal };
    }
    throw refusal;
  }
}

/** A store that answers something else than numbers would otherwise let everybody through. */
function checked(result: RateLimiterRes): RateLimiterRes {
  if (!Number.isSafeInteger(result.consumedPoints) || !Number.isFinite(result.msBeforeNext)) {
    throw new TypeError('The store of the limits answered no count');
  }
  return result;
}

/** How far from a window's end nothing is given back any more: the next must not begin below 0. */
const MARGIN_MS = 1_000;

function undoing(limiter: Limiter, key: string, endsAt: number): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone || Date.now() > endsAt - MARGIN_MS) {
      return;
    }
    isDone = true;
    const { consumedPoints } = checked(await limiter.reward(key, 1));
    // It was cleared in between.
    if (consumedPoints < 0) {
      await limiter.penalty(key, 1);
    }
  };
}

async function forget(limiter: Limiter, key: string): Promise<void> {
  await limiter.delete(key);
}
