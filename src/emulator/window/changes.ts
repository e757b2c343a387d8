import { randomUUID } from 'node:crypto';

/** Counts what has changed, for those who wait to see it. */
export class Changes {
  /** Of this start alone: who waited for the emulator before it must not wait for this one. */
  readonly #start = randomUUID();
  readonly #waiting = new Set<() => void>();
  #count = 0;

  get revision(): string {
    return `${this.#start}-${this.#count}`;
  }

  readonly happened = (): void => {
    this.#count += 1;
    for (const wake of [...this.#waiting]) wake();
  };

  /**
   * Resolves once the revision is another than `after`, at once if it is already; and when
   * `timeoutMs` of real time have passed or `gone` is aborted. What is done in the same turn as
   * the change is done by then.
   */
  next(after: string, timeoutMs: number, gone: AbortSignal): Promise<void> {
    if (after !== this.revision || gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        setImmediate(resolve);
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
      gone.addEventListener('abort', wake);
    });
  }

  /** How many wait now. */
  get waiting(): number {
    return this.#waiting.size;
  }
}
