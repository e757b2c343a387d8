import { figure, times, whole } from './figure.mjs';
import { table } from './table.mjs';

/** @typedef {import('../sections/steps.mjs').Steps} Steps */

/** @param {Steps} measured */
export function stepsTable({ steps, redis }) {
  return table(
    ['', 'µs'],
    [
      ...steps.map(({ name, us }) => [name, figure(us)]),
      ['Burn in Redis, one after the other (with the way there and back)', figure(redis.aloneUs)],
      ['Burn in Redis, 50 at a time (processor time)', figure(redis.cpuUs)],
    ],
  );
}

/** @param {Steps} measured */
export function callsTable({ calls }) {
  return table(
    ['50 at a time', 'calls/s', 'CPU µs', 'over bare undici', 'against the SDK'],
    calls.map(({ name, perSecond, cpuUs, overBareUs, timesSdk }) => [
      name,
      whole(perSecond),
      figure(cpuUs),
      `${figure(overBareUs)} µs`,
      times(timesSdk),
    ]),
  );
}

/** @param {Steps} measured */
export function memoryTable({ memory }) {
  return table(
    ['With 100,000 live proofs', ''],
    [
      ['Heap of one live proof', `${whole(memory.bytesPerKey)} bytes`],
      ['Burn, 99th percentile', `${figure(memory.burnP99Us)} µs`],
      ['Longest burn', `${figure(memory.longestBurnMs)} ms`],
      ['Longest burn that searches a full store', `${figure(memory.longestFullBurnMs)} ms`],
      ['Longest pause of the event loop', `${figure(memory.longestPauseMs)} ms`],
    ],
  );
}
