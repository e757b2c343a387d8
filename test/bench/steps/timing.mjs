import { median } from '../statistics.mjs';

const BATCH_MS = 20;
const BATCHES = 15;

/**
 * How long one call takes, as the median of batches that are long enough to be timed.
 *
 * @param {(index: number) => unknown} call
 * @returns {number} microseconds
 */
export function timeOf(call) {
  let size = 1;
  let index = 0;
  /** @param {number} count @returns {number} milliseconds */
  const batch = (count) => {
    const started = performance.now();
    for (let done = 0; done < count; done += 1) {
      index += 1;
      sink = call(index);
    }
    return performance.now() - started;
  };
  for (let taken = 0; taken < BATCH_MS; taken = batch(size)) {
    size *= 2;
  }
  return median(Array.from({ length: BATCHES }, () => (batch(size) * 1000) / size));
}

/**
 * The same for what answers later, one after the other.
 *
 * @param {(index: number) => Promise<unknown>} call
 * @param {number} [size] calls in a batch; found out where it is not given
 * @returns {Promise<number>} microseconds
 */
export async function timeOfAsync(call, size = 1) {
  let index = 0;
  /** @param {number} count */
  const batch = async (count) => {
    const started = performance.now();
    for (let done = 0; done < count; done += 1) {
      index += 1;
      sink = await call(index);
    }
    return performance.now() - started;
  };
  let enough = size;
  if (size === 1) {
    for (let taken = 0; taken < BATCH_MS; taken = await batch(enough)) {
      enough *= 2;
    }
  }
  const times = [];
  for (let done = 0; done < BATCHES; done += 1) {
    times.push(((await batch(enough)) * 1000) / enough);
  }
  return median(times);
}

/** Somebody could read it, so no call can be optimised away. */
export let sink = /** @type {unknown} */ (undefined);

/**
 * Keeps `concurrency` calls under way until `count` have ended.
 *
 * @param {() => Promise<unknown>} call
 * @param {{ count: number, concurrency: number }} effort
 * @returns {Promise<{ perSecond: number, cpuUs: number }>} with the processor time per call
 */
export async function keepBusy(call, { count, concurrency }) {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuUs: (user + system) / count };
}
