import { Target } from '../load/target.mjs';
import { median, ratio } from '../statistics.mjs';

/**
 * @typedef {object} ConcurrencyCost
 * @property {import('../apps/main.mjs').Platform} platform
 * @property {import('../apps/main.mjs').Guard} guard
 * @property {number} connections
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} ofLimit calls per second, compared with the limit of the same round
 */

const GUARDS = /** @type {const} */ (['none', 'ours', 'limit']);

/**
 * With the number of requests under way.
 *
 * @param {import('../processes/child.mjs').Child} stub
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<ConcurrencyCost[]>}
 */
export async function growConcurrency(stub, { platforms, quick, rounds, seconds }, tell) {
  const counts = quick ? [1, 1_000] : [1, 5, 10, 50, 100, 250, 500, 1_000];
  const costs = [];
  for (const platform of platforms) {
    const targets = [];
    for (const guard of GUARDS) {
      targets.push(await Target.start(stub, { platform, guard }));
    }
    for (const connections of counts) {
      tell(`growth: ${platform}, ${connections} requests at once`);
      const series = await interleaved(targets, { rounds, seconds, connections });
      const rates = series.map((list) => list.map(({ perSecond }) => perSecond));
      const [, , limit = []] = rates;
      for (const [index, guard] of GUARDS.entries()) {
        const list = series[index] ?? [];
        costs.push({
          platform,
          guard,
          connections,
          perSecond: median(rates[index] ?? []),
          p50Ms: median(list.map(({ p50Ms }) => p50Ms)),
          p99Ms: median(list.map(({ p99Ms }) => p99Ms)),
          ofLimit: ratio(rates[index] ?? [], limit).median,
        });
      }
    }
    await Promise.all(targets.map((target) => target.stop()));
  }
  return costs;
}

/**
 * @param {readonly Target[]} targets
 * @param {{ rounds: number, seconds: number, connections: number }} effort
 */
async function interleaved(targets, { rounds, seconds, connections }) {
  const series = targets.map(() => /** @type {import('../load/target.mjs').Measured[]} */ ([]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      // So many take a while to be answered even once.
      const enough = connections >= 250 ? Math.max(seconds, 3) : seconds;
      const effort = { connections, seconds: enough };
      const measured = await target.measure('first', effort);
      if (round > 0) {
        series[index]?.push(measured);
      }
    }
  }
  return series;
}
