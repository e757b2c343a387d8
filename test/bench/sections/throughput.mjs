import { Target } from '../load/target.mjs';
import { needWrk } from '../load/wrk.mjs';
import { Child } from '../processes/child.mjs';
import { OTHERS } from '../processes/placement.mjs';

/** @typedef {import('../load/target.mjs').Kind} Kind */
/** @typedef {import('../load/target.mjs').Measured} Measured */
/** @typedef {import('../apps/main.mjs').Guard} Guard */
/** @typedef {import('../apps/main.mjs').Platform} Platform */

/**
 * Every round of one guard under one kind of request.
 * @typedef {object} Series
 * @property {Platform} platform
 * @property {Guard} guard
 * @property {Kind} kind
 * @property {Measured[]} rounds
 */

/** @type {readonly Guard[]} */
const GUARDS = ['none', 'by-hand', 'ours', 'limit'];

/** Who takes part in which kind. `open` is a route that nothing guards, `beside` one of a class that has guarded ones. */
const KINDS = /** @type {const} */ ([
  ['open', ['none', 'ours']],
  ['beside', ['none', 'ours']],
  ['first', GUARDS],
  ['refusal', ['by-hand', 'ours', 'limit']],
  ['retry', ['by-hand', 'ours', 'limit']],
]);

/**
 * Interleaved rounds of all guards, platform by platform.
 *
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<Series[]>}
 */
export async function measureThroughput(options, tell) {
  needWrk();
  const stub = await Child.start('stub/main.mjs', {}, { core: OTHERS });
  const series = [];
  try {
    for (const platform of options.platforms) {
      series.push(...(await measurePlatform(platform, stub, options, tell)));
    }
  } finally {
    await stub.stop();
  }
  return series;
}

/**
 * @param {Platform} platform
 * @param {Child} stub
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 */
async function measurePlatform(platform, stub, { rounds, seconds, connections }, tell) {
  /** @type {Map<Guard, Target>} */
  const targets = new Map();
  const series = seriesOf(platform);
  try {
    for (const guard of GUARDS) {
      targets.set(guard, await Target.start(stub, { platform, guard }));
    }
    // Round 0 warms up, and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      tell(`${platform}: ${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}`);
      for (const { guard, kind, rounds: taken } of series) {
        const effort = { connections, seconds: round === 0 ? Math.min(seconds, 2) : seconds };
        const measured = await targets.get(guard)?.measure(kind, effort);
        if (round > 0 && measured !== undefined) {
          taken.push(measured);
        }
      }
    }
  } finally {
    for (const target of targets.values()) {
      await target.stop();
    }
  }
  return series;
}

/** @param {Platform} platform @returns {Series[]} in the order in which one round measures them */
function seriesOf(platform) {
  return KINDS.filter(([kind]) => kind !== 'beside' || platform !== 'express').flatMap(
    ([kind, guards]) => guards.map((guard) => ({ platform, guard, kind, rounds: [] })),
  );
}
