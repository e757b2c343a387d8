import { Block } from './block.mjs';

/** @typedef {import('./block.mjs').Test} Test */
/** @typedef {Record<string, number>} Hits of mutants, by their ids */

/**
 * What the mutated sources and we tell each other.
 *
 * @typedef {object} Stryker
 * @property {string | undefined} [activeMutant]
 * @property {string | undefined} [currentTestId]
 * @property {number | undefined} [hitCount]
 * @property {number | undefined} [hitLimit]
 * @property {{ static: Hits, perTest: Record<string, Hits> }} [mutantCoverage]
 */

/** Which test meets which mutant; what a block's `beforeAll` meets, each test of the block does. */
export class Attribution {
  #stryker;
  #isRun;
  /** @type {Map<Block, string>} */
  #blocks = new Map();

  /** @param {Stryker} stryker @param {(test: Test) => boolean} isRun */
  constructor(stryker, isRun) {
    this.#stryker = stryker;
    this.#isRun = isRun;
  }

  /** @param {Block | Test} part */
  enter(part) {
    this.#stryker.currentTestId = part instanceof Block ? this.#idOf(part) : part.id;
  }

  leave() {
    this.#stryker.currentTestId = undefined;
  }

  coverage() {
    const { static: atLoading = {}, perTest = {} } = this.#stryker.mutantCoverage ?? {};
    for (const [block, blockId] of this.#blocks) {
      const ofBlock = Object.entries(perTest[blockId] ?? {});
      delete perTest[blockId];
      for (const { id } of block.tests.filter(this.#isRun)) {
        const hits = perTest[id] ?? {};
        perTest[id] = hits;
        for (const [mutant, count] of ofBlock) {
          hits[mutant] = (hits[mutant] ?? 0) + count;
        }
      }
    }
    return { static: atLoading, perTest };
  }

  /** @param {Block} block */
  #idOf(block) {
    const id = this.#blocks.get(block) ?? `block ${this.#blocks.size}`;
    this.#blocks.set(block, id);
    return id;
  }
}
