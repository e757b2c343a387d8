import { Block, Test } from './block.mjs';
import { Running } from './running.mjs';

/** @typedef {import('./block.mjs').Hook} Hook */
/** @typedef {import('./block.mjs').Work} Work */

/** As Jest has it. */
const LIMIT_MS = 5_000;

/** What the specs of one round declared, in the order in which they are run. */
export class Suite {
  #root = new Block('');
  #block = this.#root;
  #ids = new Set();
  /** While a spec file is being loaded. */
  isDeclaring = false;

  /** Loads a spec file, as a block of its own. @param {string} name @param {() => Promise<unknown>} load */
  async file(name, load) {
    this.isDeclaring = true;
    const leave = this.#enter(name);
    try {
      await load();
    } finally {
      leave();
      this.isDeclaring = false;
    }
  }

  /** @param {string} title @param {() => void} declare */
  describe(title, declare) {
    const leave = this.#enter(title);
    try {
      declare();
    } finally {
      leave();
    }
  }

  /** @param {string} title @param {Work} work @param {number} [limitMs] */
  it(title, work, limitMs = LIMIT_MS) {
    const titles = [...this.#block.path.map((each) => each.title), title];
    const name = titles.filter((each) => each !== '').join(' ');
    let id = name;
    for (let count = 2; this.#ids.has(id); count += 1) {
      id = `${name} #${count}`;
    }
    this.#ids.add(id);
    this.#block.parts.push(new Test(id, this.#block, work, limitMs));
  }

  /** @param {Hook} kind @param {Work} work */
  hook(kind, work) {
    this.#block.hooks[kind].push(work);
  }

  /** @param {import('./running.mjs').Run} run */
  async run(run) {
    const running = new Running(run);
    await running.block(this.#root);
    return running.outcomes;
  }

  /** @param {string} title @returns {() => void} the way out */
  #enter(title) {
    const outer = this.#block;
    this.#block = new Block(title, outer);
    outer.parts.push(this.#block);
    return () => {
      this.#block = outer;
    };
  }
}

let current = new Suite();

/** Where specs that are being loaded declare their tests. */
export const suite = () => current;

export function newSuite() {
  current = new Suite();
  return current;
}
