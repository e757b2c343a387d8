/** What happened, by name, and what must not have. */
export class Tally {
  /** @type {Map<string, number>} */
  #counts = new Map();
  /** @type {Map<string, { count: number, first: string }>} */
  #violations = new Map();

  /** @param {string} name */
  count(name) {
    this.#counts.set(name, this.of(name) + 1);
  }

  /** @param {string} name */
  of(name) {
    return this.#counts.get(name) ?? 0;
  }

  /** @param {string} rule @param {unknown} found */
  violation(rule, found) {
    const known = this.#violations.get(rule);
    this.#violations.set(rule, {
      count: (known?.count ?? 0) + 1,
      first: known?.first ?? JSON.stringify(found) ?? 'undefined',
    });
  }

  /** @param {string} prefix @returns {[string, number][]} the most frequent first */
  under(prefix) {
    return [...this.#counts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]) => /** @type {[string, number]} */ ([name.slice(prefix.length), count]))
      .sort(([, one], [, other]) => other - one);
  }

  get violations() {
    return [...this.#violations].map(([rule, found]) => ({ rule, ...found }));
  }
}
