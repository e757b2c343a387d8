import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStepUpError } from '../../../src/core/errors.js';
import {
  MemoryReplayStore,
  type MemoryReplayStoreOptions,
} from '../../../src/replay/memory-replay-store.js';
import { replayStoreChecks, TestClock } from '../../../src/testing/index.js';

describe('the memory store keeps the contract', () => {
  const clock = new TestClock();
  const store = new MemoryReplayStore({ clock });
  const checks = replayStoreChecks({
    store: () => store,
    sibling: () => store,
    pass: (ms) => clock.advance(ms),
  });

  it.each(checks.map((check) => [check.name, check] as const))('%s', async (_name, check) => {
    await expect(check.run()).resolves.toBeUndefined();
  });
});

const codeOf = (run: () => unknown): string => {
  try {
    return `returned ${String(run())}`;
  } catch (error) {
    return isStepUpError(error) ? error.code : 'another error';
  }
};

describe('a full store', () => {
  it('throws for a new key, still knows the old ones, and recovers when one expires', () => {
    const clock = new TestClock();
    const store = new MemoryReplayStore({ clock, maxKeys: 3 });
    expect([10, 20, 30].map((ttl) => store.burn(`key-${ttl}`, 'a', ttl))).toEqual([
      true,
      true,
      true,
    ]);
    for (const _ of [1, 2, 3]) {
      expect(codeOf(() => store.burn('new', 'a', 10))).toBe('ERR_STEP_UP_REPLAY_STORE_FULL');
    }
    expect([10, 20, 30].map((ttl) => store.burn(`key-${ttl}`, 'a', ttl))).toEqual([
      false,
      false,
      false,
    ]);
    clock.advance(9);
    expect(codeOf(() => store.burn('new', 'a', 10))).toBe('ERR_STEP_UP_REPLAY_STORE_FULL');
    clock.advance(1);
    expect(store.burn('new', 'a', 100)).toBe(true);
    expect(codeOf(() => store.burn('newer', 'a', 10))).toBe('ERR_STEP_UP_REPLAY_STORE_FULL');
    expect(store.size).toBe(3);
  });

  it('has room again for what was restored', () => {
    const store = new MemoryReplayStore({ clock: new TestClock(), maxKeys: 1 });
    store.burn('one', 'a', 10);
    store.restore('one', 'b');
    expect(codeOf(() => store.burn('two', 'a', 10))).toBe('ERR_STEP_UP_REPLAY_STORE_FULL');
    store.restore('one', 'a');
    expect(store.burn('two', 'a', 10)).toBe(true);
  });

  it('burns an expired key again without more room', () => {
    const clock = new TestClock();
    const store = new MemoryReplayStore({ clock, maxKeys: 1 });
    store.burn('one', 'a', 10);
    clock.advance(10);
    expect(store.burn('one', 'b', 10)).toBe(true);
    expect(store.size).toBe(1);
  });

  it('takes keys that live shorter than those that it was full of', () => {
    for (let refused = 1; refused < 12; refused += 1) {
      const clock = new TestClock();
      const store = new MemoryReplayStore({ clock, maxKeys: 30 });
      for (let count = 0; count < 30; count += 1) {
        store.burn(`key-${count}`, 'a', 1_000);
      }
      for (let count = 0; count < refused; count += 1) {
        expect(codeOf(() => store.burn('new', 'a', 1))).toBe('ERR_STEP_UP_REPLAY_STORE_FULL');
      }
      store.restore('key-0', 'a');
      expect(store.burn('short', 'a', 5)).toBe(true);
      clock.advance(5);
      expect(store.burn('new', 'a', 1)).toBe(true);
    }
  });

  it('finds expired keys wherever they are among many live ones', () => {
    for (let place = 0; place < 30; place += 1) {
      const clock = new TestClock();
      const store = new MemoryReplayStore({ clock, maxKeys: 30 });
      for (let count = 0; count < 30; count += 1) {
        store.burn(`key-${count}`, 'a', count === place ? 1 : 1_000);
      }
      clock.advance(1);
      expect(store.burn('new', 'a', 1_000)).toBe(true);
      expect(codeOf(() => store.burn('newer', 'a', 1))).toBe('ERR_STEP_UP_REPLAY_STORE_FULL');
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10', null])(
    'cannot be made of %p keys',
    (maxKeys) => {
      const options = { maxKeys } as MemoryReplayStoreOptions;
      expect(codeOf(() => new MemoryReplayStore(options))).toBe('ERR_STEP_UP_OPTION');
    },
  );
});

describe('the memory of the store', () => {
  it('lets expired keys go while others are burned', () => {
    const clock = new TestClock();
    const store = new MemoryReplayStore({ clock });
    for (let count = 0; count < 10_000; count += 1) {
      store.burn(`key-${count}`, 'a', 100);
      clock.advance(1);
    }
    expect(store.size).toBeLessThan(500);
  });

  it('lets one of 100 parallel burns through, also of a key that has expired', async () => {
    const clock = new TestClock();
    const store = new MemoryReplayStore({ clock });
    for (const _ of [1, 2]) {
      const burned = await Promise.all(
        Array.from({ length: 100 }, async (_each, owner) =>
          store.burn('key', `owner-${owner}`, 100),
        ),
      );
      expect(burned.filter(Boolean)).toHaveLength(1);
      clock.advance(100);
    }
  });

  it('needs no clock of its own', () => {
    const store = new MemoryReplayStore();
    expect([store.burn('key', 'a', 60_000), store.burn('key', 'a', 60_000)]).toEqual([true, false]);
  });
});

type Operation =
  | { readonly does: 'burn'; readonly key: string; readonly owner: string; readonly ttl: number }
  | { readonly does: 'restore'; readonly key: string; readonly owner: string }
  | { readonly does: 'pass'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const owner = fc.constantFrom('one', 'two');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('burn' as const),
      key,
      owner,
      ttl: fc.nat({ max: 50 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restore' as const), key, owner }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('pass' as const),
      ms: fc.nat({ max: 40 }),
    }),
  },
);

describe('whatever is done to the store', () => {
  it('never forgets a live key, and is full exactly when as many are live as it may hold', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 80 }),
        fc.integer({ min: 1, max: 5 }),
        (operations, maxKeys) => {
          const clock = new TestClock();
          const store = new MemoryReplayStore({ clock, maxKeys });
          const model = new Map<string, { owner: string; until: number }>();
          const live = () => [...model.values()].filter(({ until }) => until > clock.now()).length;
          for (const each of operations) {
            if (each.does === 'pass') {
              clock.advance(each.ms);
            } else if (each.does === 'restore') {
              store.restore(each.key, each.owner);
              if (model.get(each.key)?.owner === each.owner) {
                model.delete(each.key);
              }
            } else {
              const known = model.get(each.key);
              const burned = known !== undefined && known.until > clock.now();
              const full = !burned && live() >= maxKeys;
              const answer = codeOf(() => store.burn(each.key, each.owner, each.ttl));
              if (answer !== 'ERR_STEP_UP_REPLAY_STORE_FULL') {
                expect(answer).toBe(`returned ${!burned}`);
              }
              expect(answer === 'ERR_STEP_UP_REPLAY_STORE_FULL').toBe(full);
              if (answer === 'returned true') {
                model.set(each.key, { owner: each.owner, until: clock.now() + each.ttl });
              }
            }
            expect(store.size).toBeLessThanOrEqual(maxKeys);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
