type Mode = 'works' | 'throws' | 'hangs' | 'answers nonsense';
type Reply = readonly [null, unknown];

/** As much of a client of ioredis as the limits use, in memory, and failing as it is told. */
export class FlakyStore {
  /** What the limits look at before each command. */
  readonly status = 'ready';
  mode: Mode = 'works';
  /** How many commands it answers before it throws. */
  commandsLeft = Number.POSITIVE_INFINITY;
  readonly #values = new Map<string, { count: number; endsAt: number }>();

  forget(): void {
    this.#values.clear();
  }

  defineCommand(): void {
    // The one command is below.
  }

  /** Adds to a count, which ends so many seconds after it began. */
  rlflxIncr([key = '', by, seconds]: readonly string[]): Promise<unknown> {
    return this.#answer(() => {
      const value = this.#live(key) ?? { count: 0, endsAt: Date.now() + Number(seconds) * 1000 };
      value.count += Number(by);
      this.#values.set(key, value);
      return [value.count, value.endsAt - Date.now()];
    });
  }

  eval(): Promise<never> {
    return Promise.reject(new Error('Only node-redis is asked to.'));
  }

  del(key: string): Promise<unknown> {
    return this.#answer(() => Number(this.#values.delete(key)));
  }

  multi() {
    const replies: (() => unknown)[] = [];
    const chain = {
      get: (key: string) => queue(() => this.#live(key)?.count.toString() ?? null),
      pttl: (key: string) => queue(() => (this.#live(key)?.endsAt ?? 0) - Date.now()),
      set: (key: string, count: number, _unit: 'EX', seconds: number) =>
        queue(() => this.#values.set(key, { count, endsAt: Date.now() + seconds * 1000 }) && 'OK'),
      exec: () => this.#answer(() => replies.map((reply): Reply => [null, reply()])),
    };
    const queue = (reply: () => unknown) => {
      replies.push(reply);
      return chain;
    };
    return chain;
  }

  #live(key: string) {
    const value = this.#values.get(key);
    return value !== undefined && value.endsAt > Date.now() ? value : undefined;
  }

  #answer(work: () => unknown): Promise<unknown> {
    this.commandsLeft -= 1;
    switch (this.commandsLeft < 0 ? 'throws' : this.mode) {
      case 'works':
        return Promise.resolve(work());
      case 'throws':
        return Promise.reject(new Error('READONLY redis://user:password@10.0.0.1 +64211234567'));
      case 'hangs':
        return new Promise(() => undefined);
      default:
        return Promise.resolve([
          [null, 'QUEUED'],
          [null, 'QUEUED'],
        ]);
    }
  }
}
