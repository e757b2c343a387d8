import { AssertionError } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import type { ReplayStore } from '../../../src/core/replay-store.js';
import { replayStoreChecks, TestClock } from '../../../src/testing/index.js';

interface Entry {
  readonly owner: string;
  readonly until: number;
}

/** A right store, of which each test breaks one thing. */
class Store implements ReplayStore {
  protected readonly entries: Map<string, Entry>;

  constructor(
    protected readonly clock: TestClock,
    entries: Map<string, Entry> = new Map(),
  ) {
    this.entries = entries;
  }

  async burn(key: string, owner: string, ttlMs: number): Promise<boolean> {
    if (this.knows(key)) {
      return false;
    }
    this.entries.set(key, { owner, until: this.clock.now() + ttlMs });
    return true;
  }

  async restore(key: string, owner: string): Promise<void> {
    if (this.entries.get(key)?.owner === owner) {
      this.entries.delete(key);
    }
  }

  protected knows(key: string): boolean {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.until > this.clock.now();
  }
}

type Making = (clock: TestClock) => () => ReplayStore;

/** The same store for all, as one process has it. */
const one =
  (make: (clock: TestClock) => ReplayStore): Making =>
  (clock) => {
    const store = make(clock);
    return () => store;
  };

const BROKEN: readonly [string, Making][] = [
  [
    'always says true',
    one(
      (clock) =>
        new (class extends Store {
          override async burn() {
            return true;
          }
        })(clock),
    ),
  ],
  [
    'always says false',
    one(
      (clock) =>
        new (class extends Store {
          override async burn() {
            return false;
          }
        })(clock),
    ),
  ],
  [
    'waits between reading and writing',
    one(
      (clock) =>
        new (class extends Store {
          override async burn(key: string, owner: string, ttlMs: number) {
            const known = this.knows(key);
            await undefined;
            if (!known) {
              this.entries.set(key, { owner, until: this.clock.now() + ttlMs });
            }
            return !known;
          }
        })(clock),
    ),
  ],
  [
    'lets the same owner burn again',
    one(
      (clock) =>
        new (class extends Store {
          override async burn(key: string, owner: string, ttlMs: number) {
            return this.entries.get(key)?.owner === owner || super.burn(key, owner, ttlMs);
          }
        })(clock),
    ),
  ],
  [
    'answers with what Redis answers',
    one((clock) => {
      const store = new Store(clock);
      return {
        burn: async (key, owner, ttlMs) =>
          ((await store.burn(key, owner, ttlMs)) ? 'OK' : null) as never,
        restore: (key, owner) => store.restore(key, owner),
      };
    }),
  ],
  [
    'answers with numbers',
    one((clock) => {
      const store = new Store(clock);
      return {
        burn: async (key, owner, ttlMs) => Number(await store.burn(key, owner, ttlMs)) as never,
        restore: (key, owner) => store.restore(key, owner),
      };
    }),
  ],
  [
    'restores for anybody',
    one(
      (clock) =>
        new (class extends Store {
          override async restore(key: string) {
            this.entries.delete(key);
          }
        })(clock),
    ),
  ],
  [
    'restores nothing',
    one(
      (clock) =>
        new (class extends Store {
          override async restore() {
            await undefined;
          }
        })(clock),
    ),
  ],
  [
    'lets a restored key be burned by all',
    one(
      (clock) =>
        new (class extends Store {
          readonly restored = new Set<string>();
          override async burn(key: string, owner: string, ttlMs: number) {
            return this.restored.has(key) || super.burn(key, owner, ttlMs);
          }
          override async restore(key: string, owner: string) {
            this.restored.add(key);
            await super.restore(key, owner);
          }
        })(clock),
    ),
  ],
  [
    'remembers whoever once burned, for a restore later',
    one(
      (clock) =>
        new (class extends Store {
          readonly owners = new Map<string, Set<string>>();
          override async burn(key: string, owner: string, ttlMs: number) {
            const burned = await super.burn(key, owner, ttlMs);
            if (burned) {
              this.owners.set(key, (this.owners.get(key) ?? new Set()).add(owner));
            }
            return burned;
          }
          override async restore(key: string, owner: string) {
            if (this.owners.get(key)?.has(owner) === true) {
              this.entries.delete(key);
            }
          }
        })(clock),
    ),
  ],
  [
    'throws at the restore of an unknown key',
    one(
      (clock) =>
        new (class extends Store {
          override async restore(key: string, owner: string) {
            if (!this.entries.has(key)) {
              throw new Error('unknown');
            }
            await super.restore(key, owner);
          }
        })(clock),
    ),
  ],
  [
    'never forgets',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string) {
            return super.burn(key, owner, Number.MAX_SAFE_INTEGER);
          }
        })(clock),
    ),
  ],
  [
    'forgets at once',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string) {
            return super.burn(key, owner, 0);
          }
        })(clock),
    ),
  ],
  [
    'forgets after half the time',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string, ttlMs: number) {
            return super.burn(key, owner, ttlMs / 2);
          }
        })(clock),
    ),
  ],
  [
    'takes the time of a refused burn for the key',
    one(
      (clock) =>
        new (class extends Store {
          override async burn(key: string, owner: string, ttlMs: number) {
            const burned = await super.burn(key, owner, ttlMs);
            const { owner: first } = this.entries.get(key) ?? { owner };
            this.entries.set(key, { owner: first, until: this.clock.now() + ttlMs });
            return burned;
          }
        })(clock),
    ),
  ],
  [
    'takes milliseconds for seconds',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string, ttlMs: number) {
            return super.burn(key, owner, ttlMs * 1_000);
          }
        })(clock),
    ),
  ],
  [
    'takes seconds for milliseconds',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string, ttlMs: number) {
            return super.burn(key, owner, ttlMs / 1_000);
          }
        })(clock),
    ),
  ],
  [
    'forgets all when one key expires',
    one(
      (clock) =>
        new (class extends Store {
          override async burn(key: string, owner: string, ttlMs: number) {
            if ([...this.entries.values()].some(({ until }) => until <= this.clock.now())) {
              this.entries.clear();
            }
            return super.burn(key, owner, ttlMs);
          }
        })(clock),
    ),
  ],
  [
    'forgets the oldest key to stay small',
    one(
      (clock) =>
        new (class extends Store {
          override async burn(key: string, owner: string, ttlMs: number) {
            const burned = await super.burn(key, owner, ttlMs);
            const [oldest] = this.entries.keys();
            if (this.entries.size > 1 && oldest !== undefined) {
              this.entries.delete(oldest);
            }
            return burned;
          }
        })(clock),
    ),
  ],
  [
    'takes keys of another case for the same',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string, ttlMs: number) {
            return super.burn(key.toLowerCase(), owner, ttlMs);
          }
        })(clock),
    ),
  ],
  [
    'cuts keys short',
    one(
      (clock) =>
        new (class extends Store {
          override burn(key: string, owner: string, ttlMs: number) {
            return super.burn(key.slice(0, 8), owner, ttlMs);
          }
        })(clock),
    ),
  ],
  ['shares nothing between instances', (clock) => () => new Store(clock)],
];

/** The checks that a store does not pass. */
async function failing(make: Making, sibling = true): Promise<string[]> {
  const clock = new TestClock();
  const store = make(clock);
  const setup = { store, pass: (ms: number) => clock.advance(ms) };
  const checks = replayStoreChecks(sibling ? { ...setup, sibling: store } : setup);
  const failed: string[] = [];
  for (const check of checks) {
    await check.run().catch((error: unknown) => {
      failed.push(`${check.name}: ${error instanceof Error ? error.name : typeof error}`);
    });
  }
  return failed;
}

describe('replayStoreChecks', () => {
  it('find nothing wrong with a right store, alone or with a sibling', async () => {
    expect(await failing(one((clock) => new Store(clock)))).toEqual([]);
    const shared = new Map();
    expect(await failing((clock) => () => new Store(clock, shared))).toEqual([]);
    expect(
      await failing(
        one((clock) => new Store(clock)),
        false,
      ),
    ).toEqual([]);
  });

  it.each(BROKEN)('catch a store that %s', async (_name, make) => {
    expect(await failing(make)).not.toEqual([]);
  });

  it('tell what they expected as an AssertionError', async () => {
    const [check] = replayStoreChecks({
      store: () => ({ burn: () => false, restore: () => undefined }),
      pass: () => undefined,
    });
    await expect(check?.run()).rejects.toBeInstanceOf(AssertionError);
  });

  it('have names of their own, and more of them with a sibling', () => {
    const setup = { store: () => new Store(new TestClock()), pass: () => undefined };
    const alone = replayStoreChecks(setup).map(({ name }) => name);
    const both = replayStoreChecks({ ...setup, sibling: setup.store }).map(({ name }) => name);
    expect(new Set(both).size).toBe(both.length);
    expect(both.length).toBeGreaterThan(alone.length);
  });
});
