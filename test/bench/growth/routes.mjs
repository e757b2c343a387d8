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

/** A request that passes thousands of routes takes a while: more at once would only wait. */
const CONNECTIONS = 10;
const GUARDS = /** @type {const} */ (['none', 'ours', 'limit']);

/**
 * With the number of guarded routes: start, and a request to the last of them.
 *
 * @param {import('../processes/child.mjs').Child} stub
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<RoutesCost[]>}
 */
export async function growRoutes(stub, { platforms, quick, seconds, rounds }, tell) {
  const counts = quick ? [1, 100] : [1, 10, 100, 1_000, 5_000];
  const costs = [];
  for (const platform of platforms) {
    for (const routes of counts) {
      tell(`growth: ${platform}, ${routes} routes`);
      const path = `/${pathOf(routes - 1)}`;
      for (const guard of GUARDS) {
        const starts = [];
        const requests = [];
        for (let round = 0; round < Math.min(rounds, 3); round += 1) {
          const target = await Target.start(stub, { platform, guard, routes });
          starts.push((await target.startTimes()).startMs);
          const effort = { connections: CONNECTIONS, seconds: Math.max(seconds, 2), path };
          await target.measure('first', effort);
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
