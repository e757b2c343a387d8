import { isDeepStrictEqual } from 'node:util';

/** A step of the demo ended in something else than it must. */
export class StepDiffersError extends Error {
  override readonly name = 'StepDiffersError';
}

/** Numbers and prints the steps, and stops at the first that differs. */
export class Program {
  readonly #print: (line: string) => void;
  #title = '';
  #steps = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  step(title: string): void {
    this.#title = title;
    this.#steps += 1;
    this.#print(`\n${String(this.#steps).padStart(3)}. ${title}`);
  }

  line(text: string): void {
    this.#print(`     ${text}`);
  }

  /** @throws StepDiffersError that names the step */
  expect(expected: unknown, actual: unknown): void {
    if (!isDeepStrictEqual(actual, expected)) {
      const [wanted, got] = [expected, actual].map((value) => JSON.stringify(value));
      throw new StepDiffersError(
        `Step ${this.#steps} differs: "${this.#title}" must end in ${wanted}, not in ${got}.`,
      );
    }
  }

  /** Says at which step something else went wrong. */
  failure(error: unknown): Error {
    const text = error instanceof Error ? error.message : String(error);
    return error instanceof StepDiffersError
      ? error
      : new Error(`Step ${this.#steps} failed: "${this.#title}": ${text}`, { cause: error });
  }
}
