/**
 * The middle value; of an even number of values, the mean of the two in the middle.
 *
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half];
  const lower = sorted.length % 2 === 1 ? upper : sorted[half - 1];
  if (upper === undefined || lower === undefined) {
    throw new RangeError('The median of no values is not defined.');
  }
  return (lower + upper) / 2;
}

/**
 * How two interleaved series compare. The quotient is taken within each round, so that what slows
 * the machine for a while slows both; of the quotients the median counts.
 *
 * @param {readonly number[]} series
 * @param {readonly number[]} base of the same rounds
 * @returns {{ median: number, lowest: number, highest: number }}
 */
export function ratio(series, base) {
  if (series.length !== base.length) {
    throw new RangeError(`Series of ${series.length} and ${base.length} rounds have no ratio.`);
  }
  const quotients = series.map((value, round) => value / (base[round] ?? Number.NaN));
  return {
    median: median(quotients),
    lowest: Math.min(...quotients),
    highest: Math.max(...quotients),
  };
}
