import { mkdirSync, readFileSync } from 'node:fs';
import { Target } from '../load/target.mjs';
import { needWrk } from '../load/wrk.mjs';
import { Child } from '../processes/child.mjs';
import { OTHERS } from '../processes/placement.mjs';
import { selfTimes } from '../report/self-times.mjs';

/**
 * @typedef {object} Profiled
 * @property {import('../apps/main.mjs').Platform} platform
 * @property {import('../apps/main.mjs').Guard} guard
 * @property {'first' | 'retry'} kind
 * @property {string} file for the developer tools of Chromium
 * @property {Record<string, number>} groups microseconds per request
 * @property {{ name: string, us: number }[]} functions the costliest first, per request
 */

const GUARDS = /** @type {const} */ (['by-hand', 'ours', 'limit']);
const KINDS = /** @type {const} */ (['first', 'retry']);
const FOLDER = 'reports';

/**
 * Where the time of a request goes. A process that is watched is slower: compare parts, not sums.
 *
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<Profiled[]>}
 */
export async function measureProfile({ platforms, seconds, connections }, tell) {
  needWrk();
  mkdirSync(FOLDER, { recursive: true });
  const stub = await Child.start('stub/main.mjs', {}, { core: OTHERS });
  const effort = { connections, seconds };
  const profiled = [];
  for (const platform of platforms) {
    for (const guard of GUARDS) {
      tell(`profile: ${platform}, ${guard}`);
      const target = await Target.start(stub, { platform, guard });
      await target.measure('first', effort);
      await target.measure('refusal', effort);
      for (const kind of KINDS) {
        if (kind === 'retry') {
          await target.prepareRetry(effort);
        }
        const file = `${FOLDER}/${platform}-${guard}-${kind}.cpuprofile`;
        const { requests } = await target.profile(kind, effort, file);
        const times = selfTimes(JSON.parse(readFileSync(file, 'utf8')), requests);
        profiled.push({ platform, guard, kind, file, ...times });
      }
      await target.stop();
    }
  }
  await stub.stop();
  return profiled;
}
