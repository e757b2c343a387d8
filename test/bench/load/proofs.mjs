import { writeFileSync } from 'node:fs';

/** A binding holds for 15 minutes; those that are older than this are not sent any more. */
const FRESH_MS = 10 * 60_000;

/** The keys of challenges that an application was given, each good for one retry. */
export class Proofs {
  /** @type {{ key: string, at: number }[]} */
  #keys = [];

  /** @param {readonly string[]} keys */
  add(keys) {
    const at = Date.now();
    for (const key of keys) {
      this.#keys.push({ key, at });
    }
  }

  get count() {
    const oldest = Date.now() - FRESH_MS;
    const from = this.#keys.findIndex(({ at }) => at >= oldest);
    this.#keys = from === -1 ? [] : this.#keys.slice(from);
    return this.#keys.length;
  }

  /**
   * Hands out all there are.
   * @param {string} file
   */
  writeTo(file) {
    writeFileSync(file, this.#keys.map(({ key }) => `${key}\n`).join(''));
  }

  /** @param {number} count of those that were handed out last */
  drop(count) {
    this.#keys.splice(0, count);
  }
}
