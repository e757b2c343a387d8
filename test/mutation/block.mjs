/** @typedef {() => unknown} Work */
/** @typedef {'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll'} Hook */

/** A `describe`, or a spec file. */
export class Block {
  /** @type {(Block | Test)[]} */
  parts = [];
  /** @type {Record<Hook, Work[]>} */
  hooks = { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };

  /** @param {string} title @param {Block} [parent] */
  constructor(title, parent) {
    this.title = title;
    this.parent = parent;
  }

  /** This block and those that it stands in, the outermost first. @returns {Block[]} */
  get path() {
    return [...(this.parent?.path ?? []), this];
  }

  /** @returns {Test[]} */
  get tests() {
    return this.parts.flatMap((part) => (part instanceof Block ? part.tests : [part]));
  }
}

export class Test {
  /** @param {string} id @param {Block} block @param {Work} work @param {number} limitMs */
  constructor(id, block, work, limitMs) {
    this.id = id;
    this.block = block;
    this.work = work;
    this.limitMs = limitMs;
  }

  /** The spec file that it stands in. */
  get file() {
    return this.block.path[1]?.title ?? '';
  }
}
