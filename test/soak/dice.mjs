/** Random numbers that a seed decides (mulberry32). */
export class Dice {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** @returns {number} from 0 to below 1 */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} share from 0 to 1 */
  chance(share) {
    return this.next() < share;
  }

  /** @param {number} below @returns {number} a whole number */
  below(below) {
    return Math.floor(this.next() * below);
  }

  /** @template T @param {readonly [T, ...T[]]} choices @returns {T} */
  pick(choices) {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /**
   * @template {string} Name
   * @param {Readonly<Partial<Record<Name, number>>>} weights
   * @returns {Name}
   */
  weighted(weights) {
    const entries = /** @type {[Name, number][]} */ (Object.entries(weights));
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) {
        return name;
      }
    }
    return /** @type {[Name, number]} */ (entries[0])[0];
  }
}
