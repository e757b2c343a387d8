import { Target } from '../load/target.mjs';
import { OTHERS } from '../processes/placement.mjs';
import { startRedis } from '../processes/redis.mjs';
import { median } from '../statistics.mjs';

/**
 * @typedef {object} InstancesCost
 * @property {number} instances on one core, sharing one Redis on the other
 * @property {number} perSecond retries of all instances together
 * @property {number} p99Ms of the slowest instance
 * @property {number} cpuUs of an instance's process, per request
 */

/**
 * With the number of processes that share one Redis. They share one core, too: what shows is whether
 * sharing costs anything, not how much more machines would carry.
 *
 * @param {import('../processes/child.mjs').Child} stub
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<InstancesCost[]>}
 */
export async function growInstances(
  stub,
  { platforms, quick, rounds, seconds, connections },
  tell,
) {
  const redis = await startRedis(OTHERS);
  const platform = platforms.at(-1) ?? 'nest-fastify';
  const costs = [];
  try {
    for (const instances of quick ? [1, 2] : [1, 2, 3, 4]) {
      tell(`growth: ${instances} instances on one Redis`);
      const targets = [];
      for (let index = 0; index < instances; index += 1) {
        const app = /** @type {const} */ ({ platform, guard: 'ours', redisUrl: redis.url });
        targets.push(await Target.start(stub, app));
      }
      const effort = { connections: Math.max(1, Math.floor(connections / instances)), seconds };
      const taken = [];
      for (let round = 0; round <= rounds; round += 1) {
        const measured = await retries(targets, { ...effort, seconds: round === 0 ? 1 : seconds });
        if (round > 0) {
          taken.push(measured);
        }
      }
      costs.push({
        instances,
        perSecond: median(taken.map(({ perSecond }) => perSecond)),
        p99Ms: median(taken.map(({ p99Ms }) => p99Ms)),
        cpuUs: median(taken.map(({ cpuUs }) => cpuUs)),
      });
      await Promise.all(targets.map((target) => target.stop()));
    }
  } finally {
    await redis.stop();
  }
  return costs;
}

/** @param {readonly Target[]} targets @param {import('../load/target.mjs').Effort} effort */
async function retries(targets, effort) {
  for (const target of targets) {
    await target.prepareRetry(effort);
  }
  const measured = await Promise.all(targets.map((target) => target.measure('retry', effort)));
  return {
    perSecond: measured.reduce((sum, { perSecond }) => sum + perSecond, 0),
    p99Ms: Math.max(...measured.map(({ p99Ms }) => p99Ms)),
    cpuUs: median(measured.map(({ cpuUs }) => cpuUs)),
  };
}
