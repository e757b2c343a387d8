const EVERY = 10_000;
const MOST_GROWTH = 0.1;
const MEGABYTE = 1024 ** 2;

/** The heap's size in megabytes, after collecting, every 10,000 requests or a tenth of them all. */
export class Memory {
  #every;
  /** @type {{ sent: number, megabytes: number }[]} */
  samples = [];

  /** @param {number} requests in all */
  constructor(requests) {
    this.#every = Math.min(EVERY, Math.ceil(requests / 10));
  }

  /** @param {number} sent so far */
  look(sent) {
    if (sent % this.#every !== 0) {
      return;
    }
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    this.samples.push({ sent, megabytes: (heapUsed + external) / MEGABYTE });
  }

  get verdict() {
    return verdictOn(this.samples);
  }
}

/**
 * The first third is warm-up. Flat: the last third's mean is at most a tenth above the second third's.
 *
 * @param {readonly { sent: number, megabytes: number }[]} samples
 */
export function verdictOn(samples) {
  const third = Math.floor(samples.length / 3);
  const second = mean(samples.slice(third, 2 * third).map(({ megabytes }) => megabytes));
  const last = mean(samples.slice(2 * third).map(({ megabytes }) => megabytes));
  return {
    second,
    last,
    slope: slopeOf(samples.slice(third)),
    isFlat: third > 0 && last <= second * (1 + MOST_GROWTH),
  };
}

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Least squares, in bytes per request. @param {readonly { sent: number, megabytes: number }[]} samples */
function slopeOf(samples) {
  const x = mean(samples.map(({ sent }) => sent));
  const y = mean(samples.map(({ megabytes }) => megabytes));
  const above = samples.reduce((sum, { sent, megabytes }) => sum + (sent - x) * (megabytes - y), 0);
  const below = samples.reduce((sum, { sent }) => sum + (sent - x) ** 2, 0);
  return (above / below) * MEGABYTE;
}
