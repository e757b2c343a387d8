import { Block } from './block.mjs';

/** @typedef {import('./block.mjs').Test} Test */
/** @typedef {import('./block.mjs').Work} Work */
/** @typedef {{ id: string, file: string, failure: string | undefined, ms: number }} Outcome */

/** Hooks may start a server. */
const HOOK_LIMIT_MS = 30_000;
// A test may replace the global ones.
const { setTimeout, clearTimeout } = globalThis;

/**
 * How the tests are run. `enter` hears whose work comes next: a block's, while its `beforeAll` and `afterAll` run, or a
 * test's.
 *
 * @typedef {object} Run
 * @property {(test: Test) => boolean} wanted
 * @property {boolean} [bail] to stop at the first that fails
 * @property {{ enter(part: Block | Test): void, leave(): void }} [watch]
 */

/** Runs tests in the order in which they were declared. */
export class Running {
  #run;
  #isOver = false;
  /** @type {Outcome[]} */
  outcomes = [];

  /** @param {Run} run */
  constructor(run) {
    this.#run = run;
  }

  /** @param {Block} block @returns {Promise<void>} */
  async block(block) {
    const { wanted, watch } = this.#run;
    const chosen = block.tests.filter((test) => wanted(test));
    if (chosen.length === 0 || this.#isOver) {
      return;
    }
    watch?.enter(block);
    const broken = await failureOf(block.hooks.beforeAll, HOOK_LIMIT_MS);
    if (broken === undefined) {
      for (const part of block.parts) {
        await (part instanceof Block ? this.block(part) : this.#test(part));
      }
    } else {
      for (const test of chosen) {
        this.#note(test, broken, 0);
      }
    }
    watch?.enter(block);
    await failureOf(block.hooks.afterAll.toReversed(), HOOK_LIMIT_MS);
    watch?.leave();
  }

  /** @param {Test} test */
  async #test(test) {
    const { wanted, watch } = this.#run;
    if (this.#isOver || !wanted(test)) {
      return;
    }
    watch?.enter(test);
    const start = performance.now();
    const { path } = test.block;
    const before = path.flatMap(({ hooks }) => hooks.beforeEach);
    const after = path.toReversed().flatMap(({ hooks }) => hooks.afterEach.toReversed());
    const failure = await failureOf([...before, test.work], test.limitMs);
    const untidy = await failureOf(after, HOOK_LIMIT_MS);
    watch?.leave();
    this.#note(test, failure ?? untidy, performance.now() - start);
  }

  /** @param {Test} test @param {string | undefined} failure @param {number} ms */
  #note({ id, file }, failure, ms) {
    this.outcomes.push({ id, file, failure, ms });
    this.#isOver ||= this.#run.bail === true && failure !== undefined;
  }
}

/** Why one of the works failed, or nothing. @param {readonly Work[]} works @param {number} limitMs */
async function failureOf(works, limitMs) {
  /** @type {ReturnType<typeof globalThis.setTimeout> | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${limitMs} ms.`)), limitMs);
  });
  const all = async () => {
    for (const work of works) {
      await work();
    }
  };
  try {
    await Promise.race([all(), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}
