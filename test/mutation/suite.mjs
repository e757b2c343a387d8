/** @typedef {() => unknown} Work */

const LIMIT_MS = 5_000;
const HOOK_LIMIT_MS = 30_000;
const { setTimeout, clearTimeout } = globalThis;

class Block {
  /** @type {(Block | Test)[]} */ parts = [];
  hooks = { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };

  constructor(title, parent) {
    this.title = title;
    this.parent = parent;
  }

  get path() {
    return [...(this.parent?.path ?? []), this];
  }

  get tests() {
    return this.parts.flatMap((part) => (part instanceof Block ? part.tests : [part]));
  }
}

class Test {
  constructor(id, block, work, limitMs) {
    Object.assign(this, { id, block, work, limitMs });
  }

  /** The spec file that it stands in. */
  get file() {
    return this.block.path[1]?.title;
  }
}

/** What the specs of one round declared, and how it is run. */
export class Suite {
  root = new Block('');
  #block = this.root;
  #ids = new Set();
  /** While spec files are being loaded. */
  isDeclaring = false;

  describe(title, declare) {
    const outer = this.#block;
    this.#block = new Block(String(title), outer);
    outer.parts.push(this.#block);
    try {
      declare();
    } finally {
      this.#block = outer;
    }
  }

  it(title, work, limitMs = LIMIT_MS) {
    const name = [...this.#block.path.map((each) => each.title), title].filter(Boolean).join(' ');
    let id = name;
    for (let count = 2; this.#ids.has(id); count += 1) {
      id = `${name} #${count}`;
    }
    this.#ids.add(id);
    this.#block.parts.push(new Test(id, this.#block, work, limitMs));
  }

  hook(kind, work) {
    this.#block.hooks[kind].push(work);
  }

  /** Loads a spec file as a block of its own. */
  async file(name, load) {
    const outer = this.#block;
    this.#block = new Block(name, outer);
    outer.parts.push(this.#block);
    this.isDeclaring = true;
    try {
      await load();
    } finally {
      this.isDeclaring = false;
      this.#block = outer;
    }
  }

  /**
   * Runs the tests that `wanted` names, in the order in which they were declared. `watch.enter` hears whose work
   * comes next: a block's, while its `beforeAll` and `afterAll` run, or a test's.
   */
  async run({ wanted = () => true, bail = false, watch }) {
    const outcomes = [];
    await runBlock(this.root, { wanted, bail, watch, outcomes, isOver: false });
    return outcomes;
  }
}

async function runBlock(block, run) {
  const chosen = new Set(block.tests.filter((test) => run.wanted(test)));
  if (chosen.size === 0 || run.isOver) {
    return;
  }
  run.watch?.enter(block);
  const broken = await failureOf(block.hooks.beforeAll, HOOK_LIMIT_MS);
  for (const part of block.parts) {
    if (broken !== undefined) {
      for (const test of part instanceof Block ? part.tests : [part]) {
        if (chosen.has(test)) {
          note(run, test, broken, 0);
        }
      }
    } else if (part instanceof Block) {
      await runBlock(part, run);
    } else if (chosen.has(part) && !run.isOver) {
      await runTest(part, run);
    }
  }
  run.watch?.enter(block);
  await failureOf([...block.hooks.afterAll].reverse(), HOOK_LIMIT_MS);
  run.watch?.leave();
}

async function runTest(test, run) {
  run.watch?.enter(test);
  const start = performance.now();
  const path = test.block.path;
  const before = path.flatMap(({ hooks }) => hooks.beforeEach);
  const after = path.toReversed().flatMap(({ hooks }) => hooks.afterEach.toReversed());
  const failure = await failureOf([...before, test.work], test.limitMs);
  const untidy = await failureOf(after, HOOK_LIMIT_MS);
  run.watch?.leave();
  note(run, test, failure ?? untidy, performance.now() - start);
}

function note(run, { id, file }, failure, ms) {
  run.outcomes.push({ id, file, failure, ms });
  run.isOver ||= run.bail && failure !== undefined;
}

/** Why one of the works failed, or nothing. */
async function failureOf(works, limitMs) {
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

let current = new Suite();

/** Where specs that are being loaded declare their tests. */
export const suite = () => current;

export function newSuite() {
  current = new Suite();
  return current;
}
