import { median, ratio } from '../statistics.mjs';
import { figure, times } from './figure.mjs';
import { table } from './table.mjs';
import { GUARDED_KINDS, PLATFORM_NAMES, platformsOf, roundsOf } from './throughput-tables.mjs';

/** @typedef {{ goal: string, measured: string, isMet: boolean }} Goal */

/**
 * What was aimed for, and what a run measured of it.
 *
 * @param {import('../results.mjs').Results} results
 * @returns {Goal[]}
 */
export function goalsOf({ throughput, steps, growth }) {
  return [
    ...(throughput === undefined ? [] : throughputGoals(throughput.measured)),
    ...(steps === undefined ? [] : stepGoals(steps.measured)),
    ...(growth === undefined ? [] : growthGoals(growth.measured)),
  ];
}

/** @param {readonly Goal[]} goals */
export function goalsTable(goals) {
  return table(
    ['Goal', 'measured', 'met'],
    goals.map(({ goal, measured, isMet }) => [goal, measured, isMet ? 'yes' : 'no']),
  );
}

/**
 * What 0.9 of the limit came to when the goals were set, on another machine.
 *
 * @type {Readonly<Record<string, number>>}
 */
const TIMES_BY_HAND = { express: 2.6, 'nest-express': 2.1, 'nest-fastify': 4.2 };

/** @param {readonly import('../sections/throughput.mjs').Series[]} all @returns {Goal[]} */
function throughputGoals(all) {
  return platformsOf(all).flatMap((platform) => {
    const name = PLATFORM_NAMES[platform];
    const guarded = GUARDED_KINDS.map((kind) => {
      const [ours, limit] = /** @type {const} */ (['ours', 'limit']).map((guard) =>
        roundsOf(all, platform, kind, guard),
      );
      return atLeast(
        `${name}, ${kind}: 0.9 of the limit`,
        ratio(ours ?? [], limit ?? []).median,
        0.9,
      );
    });
    const byHand = TIMES_BY_HAND[platform] ?? Number.NaN;
    const overByHand = GUARDED_KINDS.map((kind) => {
      const [ours, written] = /** @type {const} */ (['ours', 'by-hand']).map((guard) =>
        roundsOf(all, platform, kind, guard),
      );
      const { median: measured } = ratio(ours ?? [], written ?? []);
      return atLeast(`${name}, ${kind}: ${byHand} times by hand`, measured, byHand);
    });
    const open = ratio(
      roundsOf(all, platform, 'open', 'ours'),
      roundsOf(all, platform, 'open', 'none'),
    );
    return [
      ...guarded,
      ...overByHand,
      {
        goal: `${name}: an unguarded route is not measurably slower`,
        measured: `${times(open.median)} (${open.lowest.toFixed(2)}–${open.highest.toFixed(2)})`,
        // Not measurable: no change lies within what the rounds differ by.
        isMet: open.highest >= 1 || open.median >= 0.98,
      },
    ];
  });
}

/** @param {import('../sections/steps.mjs').Steps} steps @returns {Goal[]} */
function stepGoals({ calls, memory }) {
  const first = calls.find(({ name }) => name.includes('first request'));
  const { longestBurnMs, longestFullBurnMs, longestPauseMs } = memory;
  return [
    atLeast('The gate alone: 4 times the calls of the SDK', first?.timesSdk ?? 0, 4),
    atMost(
      'The gate alone: 40 µs over a bare undici call',
      first?.overBareUs ?? Number.NaN,
      40,
      'µs',
    ),
    atMost(
      '100,000 live proofs: no pause over 50 ms',
      Math.max(longestBurnMs, longestFullBurnMs, longestPauseMs),
      50,
      'ms',
    ),
  ];
}

/** @param {import('../sections/growth.mjs').Growth} growth @returns {Goal[]} */
function growthGoals({ concurrency }) {
  const platforms = [...new Set(concurrency.map(({ platform }) => platform))];
  return platforms.map((platform) => {
    const ours = concurrency.filter((each) => each.platform === platform && each.guard === 'ours');
    const ratios = ours.map(({ ofLimit }) => ofLimit);
    return {
      goal: `${PLATFORM_NAMES[platform]}: as near to the limit at 1,000 requests at once as usual`,
      measured: `${ratios.map((value) => value.toFixed(2)).join(' ')}`,
      isMet: (ratios.at(-1) ?? 0) >= 0.9 * median(ratios),
    };
  });
}

/** @param {string} goal @param {number} value @param {number} least @returns {Goal} */
const atLeast = (goal, value, least) => ({
  goal,
  measured: times(value),
  isMet: value >= least,
});

/** @param {string} goal @param {number} value @param {number} most @param {string} unit @returns {Goal} */
const atMost = (goal, value, most, unit) => ({
  goal,
  measured: `${figure(value)} ${unit}`,
  isMet: value <= most,
});
