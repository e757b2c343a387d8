/**
 * What somebody must have given before a question is asked.
 * @typedef {'phone' | 'codes' | 'limits' | 'wait' | 'blocked-action'} Need
 *
 * What was observed, in words, and the value that the emulator would need to answer the same;
 * undefined if none of those that are known does.
 * @typedef {{ value: unknown, seen: readonly string[] }} Observation
 *
 * One thing that Authsignal does not document. `section` is the paragraph of the list of open
 * points. Exactly one of `switch`, `limit` and `fact` says what stands for it in the emulator.
 * @typedef {object} Question
 * @property {string} id
 * @property {string} section
 * @property {string} asks
 * @property {readonly Need[]} needs
 * @property {string} [costs]
 * @property {string} [switch]
 * @property {string} [limit]
 * @property {{ readonly is: unknown }} [fact] what the emulator does, with no switch to change it
 * @property {(run: import('../run.mjs').Run) => Promise<Observation>} ask
 */

/**
 * The value that the table gives for what was seen, undefined if it is not in it.
 * @param {unknown} key
 * @param {Readonly<Record<string, unknown>>} table
 */
export function among(key, table) {
  return Object.hasOwn(table, String(key)) ? table[String(key)] : undefined;
}
