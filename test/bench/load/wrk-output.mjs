/**
 * What one run of wrk measured.
 * @typedef {object} Load
 * @property {number} requests answered
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} proofsUsed
 */

/** The proofs that were at hand did not last for the whole run. */
export class ProofsRanOut extends Error {
  /** @override */
  name = 'ProofsRanOut';
}

const LINE = /^bench (\{.*\})$/m;

/**
 * Reads the line that `load.lua` writes at the end of a run.
 *
 * @param {string} output
 * @param {number} expected the status that each answer had to have
 * @returns {Load}
 * @throws when an answer had another status or a connection failed: such a run has measured nothing.
 */
export function readLoad(output, expected) {
  const [, json] = LINE.exec(output) ?? [];
  if (json === undefined) {
    throw new Error(`wrk did not finish its run: ${output.trim()}`);
  }
  const run = JSON.parse(json);
  if (run.ranOut) {
    throw new ProofsRanOut(`${run.proofsUsed} proofs did not last for the run.`);
  }
  if (run.unexpected > 0) {
    throw new Error(
      `${run.unexpected} of ${run.requests} answers were not ${expected}, the first ` +
        `${run.firstStatus}: ${run.firstBody}`,
    );
  }
  if (run.socketErrors + run.timeouts > 0) {
    throw new Error(`${run.socketErrors} socket errors and ${run.timeouts} timeouts in one run.`);
  }
  if (run.requests === 0) {
    throw new Error('Not one request was answered.');
  }
  return {
    requests: run.requests,
    perSecond: run.requests / (run.durationUs / 1e6),
    p50Ms: run.p50Us / 1000,
    p99Ms: run.p99Us / 1000,
    proofsUsed: run.proofsUsed,
  };
}
