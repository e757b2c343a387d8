import { temporaryFileWith } from '../load/files.mjs';
import { Target } from '../load/target.mjs';
import { Child } from '../processes/child.mjs';
import { MEASURED } from '../processes/placement.mjs';
import { median } from '../statistics.mjs';
import { bodyOf } from './body.mjs';

/**
 * @typedef {object} BodyRequests
 * @property {number} bytes
 * @property {import('../apps/main.mjs').Guard} guard
 * @property {number} cpuUs per request
 * @property {number} perSecond
 */

/** A body of 1 MB takes a while: more at once would only wait. */
const CONNECTIONS = 10;
const GUARDS = /** @type {const} */ (['none', 'ours', 'limit']);

/**
 * With the size of a body that is bound whole: the gate alone, and over HTTP.
 *
 * @param {Child} stub
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<{ alone: import('../steps/bodies.mjs').BodyCost[], requests: BodyRequests[] }>}
 */
export async function growBodies(stub, options, tell) {
  const sizes = (options.quick ? [1, 64] : [1, 4, 16, 64, 256, 1024]).map((kb) => kb * 1024);
  tell('growth: bodies, the gate alone');
  const child = await Child.start('steps/main.mjs', { sizes }, { core: MEASURED });
  const alone = await child.ask('bodies');
  await child.stop();
  return { alone, requests: await overHttp(stub, sizes, options, tell) };
}

/**
 * @param {Child} stub
 * @param {readonly number[]} sizes
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<BodyRequests[]>}
 */
async function overHttp(stub, sizes, { platforms, rounds, seconds }, tell) {
  const platform = platforms.at(-1) ?? 'nest-fastify';
  const targets = [];
  for (const guard of GUARDS) {
    targets.push({ guard, target: await Target.start(stub, { platform, guard, bindsAll: true }) });
  }
  const costs = [];
  for (const bytes of sizes) {
    tell(`growth: bodies of ${bytes / 1024} KB over HTTP`);
    const bodyFile = temporaryFileWith(`body-${bytes}.json`, bodyOf(bytes));
    const taken = targets.map((each) => ({ ...each, rounds: [] }));
    for (let round = 0; round <= rounds; round += 1) {
      for (const { target, rounds: list } of /** @type {Taken[]} */ (taken)) {
        const effort = { connections: CONNECTIONS, seconds: round === 0 ? 1 : seconds, bodyFile };
        const measured = await target.measure('first', effort);
        if (round > 0) {
          list.push(measured);
        }
      }
    }
    for (const { guard, rounds: list } of /** @type {Taken[]} */ (taken)) {
      costs.push({
        bytes,
        guard,
        cpuUs: median(list.map(({ cpuUs }) => cpuUs)),
        perSecond: median(list.map(({ perSecond }) => perSecond)),
      });
    }
  }
  await Promise.all(targets.map(({ target }) => target.stop()));
  return costs;
}

/**
 * @typedef {object} Taken
 * @property {import('../apps/main.mjs').Guard} guard
 * @property {Target} target
 * @property {import('../load/target.mjs').Measured[]} rounds
 */
