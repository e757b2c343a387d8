/** What became of one test on the page. */
export interface Outcome {
  /** With the titles of the blocks that it stands in, as Jest joins them. */
  readonly name: string;
  /** Why it failed. */
  readonly failure?: string;
}

export type Work = () => unknown;

/** As Jest has it. */
const LIMIT_MS = 5000;

class Block {
  readonly before: Work[] = [];
  readonly after: Work[] = [];
  readonly title: string;
  readonly parent: Block | undefined;

  constructor(title: string, parent?: Block) {
    this.title = title;
    this.parent = parent;
  }

  /** This block and those that it stands in, the outermost first. */
  get path(): readonly Block[] {
    return [...(this.parent?.path ?? []), this];
  }
}

/** Collects tests as a spec file declares them, and runs them one after another. */
export class Runner {
  readonly #tests: { readonly block: Block; readonly title: string; readonly work: Work }[] = [];
  #block = new Block('');

  readonly describe = (title: string, declare: () => void): void => {
    const outer = this.#block;
    this.#block = new Block(title, outer);
    declare();
    this.#block = outer;
  };

  readonly it = (title: string, work: Work): void => {
    this.#tests.push({ block: this.#block, title, work });
  };

  readonly beforeEach = (work: Work): void => {
    this.#block.before.push(work);
  };

  readonly afterEach = (work: Work): void => {
    this.#block.after.unshift(work);
  };

  async run(): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { block, title, work } of this.#tests) {
      const titles = [...block.path.map((each) => each.title), title];
      const name = titles.filter((each) => each !== '').join(' ');
      const failure = await failureOf(block, work);
      outcomes.push(failure === undefined ? { name } : { name, failure });
    }
    return outcomes;
  }
}

async function failureOf(block: Block, work: Work): Promise<string | undefined> {
  const before = block.path.flatMap((each) => each.before);
  const after = block.path.toReversed().flatMap((each) => each.after);
  try {
    try {
      await inTime([...before, work]);
    } finally {
      await inTime(after);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function inTime(works: readonly Work[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${LIMIT_MS} ms.`)), LIMIT_MS);
  });
  const all = async (): Promise<void> => {
    for (const work of works) {
      await work();
    }
  };
  await Promise.race([all(), late]).finally(() => clearTimeout(timer));
}
