import { growBodies } from '../growth/bodies.mjs';
import { growConcurrency } from '../growth/concurrency.mjs';
import { growInstances } from '../growth/instances.mjs';
import { growRoutes } from '../growth/routes.mjs';
import { needWrk } from '../load/wrk.mjs';
import { Child } from '../processes/child.mjs';
import { OTHERS } from '../processes/placement.mjs';

/**
 * @typedef {object} Growth
 * @property {import('../growth/routes.mjs').RoutesCost[]} routes
 * @property {Awaited<ReturnType<typeof growBodies>>} bodies
 * @property {import('../growth/concurrency.mjs').ConcurrencyCost[]} concurrency
 * @property {import('../growth/instances.mjs').InstancesCost[]} instances
 */

/**
 * How cost grows: with routes, bodies, requests at once and processes.
 *
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<Growth>}
 */
export async function measureGrowth(options, tell) {
  needWrk();
  const stub = await Child.start('stub/main.mjs', {}, { core: OTHERS });
  // Curves need fewer and shorter rounds than ratios.
  const { rounds, seconds } = options;
  const few = { ...options, rounds: Math.min(rounds, 3), seconds: Math.min(seconds, 2) };
  try {
    return {
      concurrency: await growConcurrency(stub, few, tell),
      bodies: await growBodies(stub, few, tell),
      routes: await growRoutes(stub, few, tell),
      instances: await growInstances(stub, few, tell),
    };
  } finally {
    await stub.stop();
  }
}
