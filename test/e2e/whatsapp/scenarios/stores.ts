import { expect } from '@jest/globals';
import { HttpAuthsignal, MemoryReplayStore, type ReplayStore } from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import { expectRefusal } from '../../../support/customer.js';
import { CODE_FLOWS, Desk, proofFor } from './desk.js';
import { FlakyStore } from './flaky-store.js';

/** A deadline for the stores alone: the client in it has one of its own. */
function storesInHaste({ secret, apiUrl }: Emulator) {
  return {
    authsignal: new HttpAuthsignal({ apiSecretKey: secret, apiUrl }),
    secret: 'key-material-of-the-bank',
    timeoutMs: 50,
  };
}

const limitStore = new FlakyStore();
const limited = new Desk({
  flows: { limitStore, limits: {} },
  options: storesInHaste,
});

/** Who is limited here by the address, which is the same for all. */
const onLimitStore = (['throws', 'hangs', 'answers nonsense'] as const).flatMap((mode) =>
  CODE_FLOWS.map(({ flow, customer }) =>
    limited.story(
      `${flow}: the store of the limits ${mode}: nothing is sent and no code is checked`,
      async (owner, app) => {
        limitStore.mode = 'works';
        limitStore.forget();
        const begun = await owner.begin(flow);
        const code = await owner.code(begun.phone);
        const phone = owner.newPhone();
        const proof = await proofFor(owner, flow, phone);
        limitStore.mode = mode;
        const calls = ['challenge', 'verify', 'claim'] as const;
        const before = calls.map((call) => owner.customer.calls(call));
        for (const answer of [
          await owner.start(flow, phone, proof),
          await owner.verify(flow, begun.handle, code),
          await owner.resend(begun.handle),
        ]) {
          expectRefusal(answer, 503, 'step_up_unavailable');
        }
        expect(calls.map((call) => owner.customer.calls(call))).toEqual(before);
        expect(owner.customer.event('limit_store_failed')).toBeDefined();
        expect(app.lookups).toEqual([]);
        limitStore.mode = 'works';
        expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
      },
      customer,
    ),
  ),
);

/** Burns until it is broken. */
class FlakyReplayStore implements ReplayStore {
  isBroken = false;
  readonly #store = new MemoryReplayStore();

  constructor(readonly fail: () => Promise<boolean>) {}

  burn(key: string, owner: string, ttlMs: number): Promise<boolean> | boolean {
    return this.isBroken ? this.fail() : this.#store.burn(key, owner, ttlMs);
  }

  restore(key: string, owner: string): Promise<void> | void {
    if (this.isBroken) {
      throw new Error('no quorum');
    }
    return this.#store.restore(key, owner);
  }
}

const replayStores = [
  ['rejects', new FlakyReplayStore(() => Promise.reject(new Error('no quorum +64211234567')))],
  ['hangs', new FlakyReplayStore(() => new Promise(() => undefined))],
  ['answers "OK"', new FlakyReplayStore(async () => JSON.parse('"OK"'))],
] as const;

/** Fails only where a flow is used up, which is after Authsignal took the code. */
class LateReplayStore extends MemoryReplayStore {
  override burn(key: string, owner: string, ttlMs: number): boolean {
    if (key.startsWith('flow:')) {
      throw new Error('no quorum');
    }
    return super.burn(key, owner, ttlMs);
  }
}

const late = new Desk({
  options: (emulator) => ({ ...storesInHaste(emulator), replayStore: new LateReplayStore() }),
});

const afterTheCode = CODE_FLOWS.map(({ flow, customer }) =>
  late.story(
    `${flow}: the replay store fails after the code was taken: a change is told, nobody signs in`,
    async (owner, app) => {
      const answer = await owner.finish(await owner.begin(flow));
      if (flow === 'sign-in') {
        expectRefusal(answer, 503, 'step_up_unavailable');
        expect([app.changes, app.lookups]).toEqual([[], []]);
      } else {
        expect(answer.status).toBe(200);
        expect(app.changes).toHaveLength(1);
      }
    },
    customer,
  ),
);

const onReplayStore = replayStores.flatMap(([name, replayStore]) => {
  const desk = new Desk({
    options: (emulator) => ({ ...storesInHaste(emulator), replayStore }),
  });
  return CODE_FLOWS.map(({ flow, customer }) =>
    desk.story(
      `${flow}: the replay store ${name}: nobody signs in, and nothing changes`,
      async (owner, app) => {
        replayStore.isBroken = false;
        const begun = await owner.begin(flow);
        const claims = owner.customer.calls('claim');
        replayStore.isBroken = true;
        expectRefusal(await owner.finish(begun), 503, 'step_up_unavailable');
        expect(app.changes).toEqual([]);
        expect([app.lookups, app.sessions]).toEqual([[], []]);
        expect(owner.customer.calls('claim')).toBe(claims);
      },
      customer,
    ),
  );
});

export const storeScenarios = [...onLimitStore, ...afterTheCode, ...onReplayStore];
