import { pathOf } from '../apps/account.mjs';
import { Target } from '../load/target.mjs';
import { median } from '../statistics.mjs';

/**
 * @typedef {object} RoutesCost
 * @property {import('../apps/main.mjs').Platform} platform
 * @property {import('../apps/main.mjs').Guard} guard
 * @property {number} routes
 * @property {number} startMs from the end of the imports until it listens
 * @property {number} cpuUs per request to the route that was added last
 * @property {number} perSecond
 */

const GUARDS = /** @type {const} */ (['none', 'ours', 'limit']);

/**
 * With the number of guarded routes: start, and a request to the last of them.
 *
 * @param {import('../processes/child.mjs').Child} stub
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<RoutesCost[]>}
 */
export async function growRoutes(stub, { platforms, quick, connections, seconds, rounds }, tell) {
  const counts = quick ? [1, 100] : [1, 10, 100, 500, 1_000, 2_000, 5_000];
  const costs = [];
  for (const platform of platforms) {
    for (const routes of counts) {
      tell(`growth: ${platform}, ${routes} routes`);
      for (const guard of GUARDS) {
        const starts = [];
        const requests = [];
        for (let round = 0; round < Math.min(rounds, 3); round += 1) {
          const target = await Target.start(stub, { platform, guard, routes });
          starts.push((await target.startTimes()).startMs);
          const effort = { connections, seconds, path: `/${pathOf(routes - 1)}` };
          await target.measure('first', { ...effort, seconds: 1 });
          requests.push(await target.measure('first', effort));
          await target.stop();
        }
        costs.push({
          platform,
          guard,
          routes,
          startMs: median(starts),
          cpuUs: median(requests.map(({ cpuUs }) => cpuUs)),
          perSecond: median(requests.map(({ perSecond }) => perSecond)),
        });
      }
    }
  }
  return costs;
}
