import assert from 'node:assert/strict';
import type { ReplayStore } from '../core/replay-store.js';

/** One property of the port; `run` rejects with an `AssertionError` where it does not hold. */
export interface ReplayStoreCheck {
  readonly name: string;
  run(): Promise<void>;
}

export interface ReplayStoreSetup {
  /** A store to test; several may share what is behind it, since every check uses keys of its own. */
  readonly store: () => ReplayStore | Promise<ReplayStore>;
  /** Lets so much time pass for the store: moves its clock, or really waits. */
  readonly pass: (ms: number) => void | Promise<void>;
  /**
   * Another instance on the same data, as another process would have it. Without it the checks
   * between instances are left out.
   */
  readonly sibling?: () => ReplayStore | Promise<ReplayStore>;
}

/**
 * The conformance suite of the {@link ReplayStore} port, for any test runner:
 *
 * ```ts
 * for (const check of replayStoreChecks({ store, pass })) it(check.name, check.run);
 * ```
 */
export function replayStoreChecks(setup: ReplayStoreSetup): readonly ReplayStoreCheck[] {
  const { sibling } = setup;
  return [
    ...burnChecks(setup),
    ...restoreChecks(setup),
    ...(sibling === undefined ? [] : siblingChecks(setup, sibling)),
  ];
}

const HOUR_MS = 3_600_000;
const SHORT_MS = 200;
const SECOND_MS = 1_000;

let sequence = 0;

/** Unlike any key of an earlier run on a store that keeps its data. */
function freshKey(): string {
  sequence += 1;
  return `check-${process.pid}-${Date.now().toString(36)}-${sequence}`;
}

type CheckBody = (target: ReplayStore, key: string) => Promise<void>;

const checkOf =
  ({ store }: ReplayStoreSetup) =>
  (name: string, body: CheckBody): ReplayStoreCheck => ({
    name,
    run: async () => body(await store(), freshKey()),
  });

function burnChecks(setup: ReplayStoreSetup): readonly ReplayStoreCheck[] {
  const check = checkOf(setup);
  return [
    check('burns a key once', async (target, key) => {
      assert.equal(await target.burn(key, 'a', HOUR_MS), true);
      assert.equal(await target.burn(key, 'b', HOUR_MS), false);
      assert.equal(await target.burn(key, 'a', HOUR_MS), false, 'not even for the same owner');
    }),
    check('keeps keys apart', async (target, key) => {
      assert.equal(await target.burn(key, 'a', HOUR_MS), true);
      assert.equal(await target.burn(`${key}0`, 'a', HOUR_MS), true);
      assert.equal(await target.burn(key.toUpperCase(), 'a', HOUR_MS), true);
    }),
    check('lets exactly one of many parallel burns through', async (target, key) => {
      assert.equal(await winners([target], key, 200), 1);
    }),
    check('forgets a key after its time, and not before', async (target, key) => {
      const lasting = freshKey();
      await target.burn(key, 'a', SHORT_MS);
      await target.burn(lasting, 'a', HOUR_MS);
      assert.equal(await target.burn(key, 'b', SHORT_MS), false);
      await setup.pass(SHORT_MS + 50);
      assert.equal(await target.burn(key, 'c', SHORT_MS), true);
      assert.equal(await target.burn(lasting, 'c', SHORT_MS), false);
    }),
    check(
      'remembers a key for most of its time at least, whatever is refused meanwhile',
      async (target, key) => {
        await target.burn(key, 'a', SECOND_MS);
        assert.equal(await target.burn(key, 'b', SHORT_MS), false);
        // What is left is for a store that really waits, on a slow machine.
        await setup.pass(SECOND_MS * 0.6);
        assert.equal(await target.burn(key, 'b', SECOND_MS), false);
      },
    ),
  ];
}

function restoreChecks(setup: ReplayStoreSetup): readonly ReplayStoreCheck[] {
  const check = checkOf(setup);
  return [
    check('restores what the owner burned, for one more burn', async (target, key) => {
      await target.burn(key, 'a', HOUR_MS);
      await target.restore(key, 'a');
      assert.equal(await winners([target], key, 20), 1);
    }),
    check("leaves another owner's burn alone", async (target, key) => {
      await target.burn(key, 'a', HOUR_MS);
      await target.restore(key, 'b');
      assert.equal(await target.burn(key, 'c', HOUR_MS), false);
    }),
    check('restores nothing twice', async (target, key) => {
      await target.burn(key, 'a', HOUR_MS);
      await target.restore(key, 'a');
      await target.burn(key, 'b', HOUR_MS);
      await target.restore(key, 'a');
      assert.equal(await target.burn(key, 'c', HOUR_MS), false);
    }),
    check('takes the restore of an unknown key calmly', async (target, key) => {
      await target.restore(key, 'a');
      assert.equal(await target.burn(key, 'a', HOUR_MS), true);
    }),
    check('does not let a late restore undo a new burn of the same key', async (target, key) => {
      await target.burn(key, 'a', SHORT_MS);
      await setup.pass(SHORT_MS + 50);
      await target.burn(key, 'b', HOUR_MS);
      await target.restore(key, 'a');
      assert.equal(await target.burn(key, 'c', HOUR_MS), false);
    }),
  ];
}

function siblingChecks(
  { store }: ReplayStoreSetup,
  sibling: NonNullable<ReplayStoreSetup['sibling']>,
): readonly ReplayStoreCheck[] {
  return [
    {
      name: 'lets exactly one of many parallel burns through two instances through',
      run: async () => {
        assert.equal(await winners([await store(), await sibling()], freshKey(), 200), 1);
      },
    },
    {
      name: "does not restore another instance's burn",
      run: async () => {
        const key = freshKey();
        const [one, other] = [await store(), await sibling()];
        await one.burn(key, 'a', HOUR_MS);
        await other.restore(key, 'b');
        assert.equal(await other.burn(key, 'c', HOUR_MS), false);
      },
    },
  ];
}

async function winners(
  stores: readonly ReplayStore[],
  key: string,
  burns: number,
): Promise<number> {
  const attempts = Array.from({ length: burns }, (_, index) =>
    Promise.resolve(stores[index % stores.length]?.burn(key, `owner-${index}`, HOUR_MS)),
  );
  const results = await Promise.all(attempts);
  return results.filter((burned) => burned === true).length;
}
