import { randomUUID } from 'node:crypto';
import { RedisReplayStore } from 'authsignal-guard/redis';
import { Redis } from 'ioredis';
import { median } from '../statistics.mjs';
import { keepBusy, timeOfAsync } from './timing.mjs';

/**
 * Burns in a real Redis over ioredis.
 *
 * @param {{ redisUrl: string, rounds: number, count: number }} effort
 * @returns {Promise<{ aloneUs: number, perSecond: number, cpuUs: number }>} one after the other, and 50 at a time
 */
export async function timeRedis({ redisUrl, rounds, count }) {
  const redis = new Redis(redisUrl);
  try {
    await redis.ping();
    const store = new RedisReplayStore(redis);
    const burn = async () => {
      if (!(await store.burn(randomUUID(), 'me', 60_000))) {
        throw new Error('A fresh key counted as burned.');
      }
    };
    const aloneUs = await timeOfAsync(burn);
    const series = [];
    for (let round = 0; round < rounds; round += 1) {
      series.push(await keepBusy(burn, { count, concurrency: 50 }));
    }
    return {
      aloneUs,
      perSecond: median(series.map(({ perSecond }) => perSecond)),
      cpuUs: median(series.map(({ cpuUs }) => cpuUs)),
    };
  } finally {
    redis.disconnect();
  }
}
