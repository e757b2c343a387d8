/**
 * What a process has used so far.
 * @typedef {object} Usage
 * @property {number} cpuUs user and system time in microseconds
 * @property {number} rssBytes
 * @property {number} heapBytes
 */

/** @typedef {Readonly<Record<string, (about: any) => unknown>>} Answers */

/**
 * What the bench told this process at its start.
 * @returns {any}
 */
export function settings() {
  return JSON.parse(process.argv[2] ?? '{}');
}

/**
 * Answers the bench's questions over IPC, and ends with it. `ready` is answered when `answers` is.
 *
 * @param {Promise<Answers>} answers
 */
export function answerTheBench(answers) {
  process.once('disconnect', () => process.exit(0));
  process.on('message', async (/** @type {any} */ { id, question, about }) => {
    try {
      /** @type {Answers} */
      const all = { usage, ready: () => true, ...(await answers) };
      process.send?.({ id, answer: await all[question]?.(about) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) });
    }
  });
}

/** @returns {Usage} */
export function usage() {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuUs: user + system, rssBytes: rss, heapBytes: heapUsed };
}
