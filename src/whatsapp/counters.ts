import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit } from './options.js';

/** Whether one more was within the limit; if not, when the next is. */
export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** Counts by key within a window of time. Rejects when its store cannot tell. */
export interface Counter {
  take(key: string, windowMs?: number): Promise<Taken>;
  giveBack(key: string): Promise<void>;
  clear(key: string): Promise<void>;
  /** Lets none be taken any more within the window. */
  exhaust(key: string): Promise<void>;
  /** How many were taken and not given back. */
  count(key: string): Promise<number>;
}

/** Makes counters in the memory of this process, or in a Redis that processes share. */
export type CounterFactory = (name: string, limit: Limit) => Counter;

type Limiter = RateLimiterMemory | RateLimiterRedis;

/** @param store a client of ioredis or node-redis; without one the memory of this process. */
export function counterFactory(store: object | undefined): CounterFactory {
  return (name, { max, windowMs }) => {
    const settings = {
      keyPrefix: `authsignal-guard:${name}:${windowMs}`,
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

function counterOn(limiter: Limiter): Counter {
  return {
    async take(key, windowMs) {
      const options = windowMs === undefined ? {} : { customDuration: Math.ceil(windowMs / 1000) };
      try {
        await limiter.consume(key, 1, options);
        return { ok: true };
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) {
          return { ok: false, retryAfterMs: Math.max(refusal.msBeforeNext, 1_000) };
        }
        throw refusal;
      }
    },
    async giveBack(key) {
      await limiter.reward(key, 1);
    },
    async clear(key) {
      await limiter.delete(key);
    },
    async exhaust(key) {
      await limiter.block(key, limiter.duration);
    },
    async count(key) {
      const result = await limiter.get(key);
      return result === null || result.msBeforeNext <= 0 ? 0 : result.consumedPoints;
    },
  };
}
