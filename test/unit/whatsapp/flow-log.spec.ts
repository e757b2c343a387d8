import { describe, expect, it } from '@jest/globals';
import { FlakyStore } from '../../e2e/whatsapp/scenarios/flaky-store.js';
import { flowBench } from './flow-bench.js';

const phoneNumber = '+64211234567';

describe('the log of the flows', () => {
  it('has nothing of a sign-in, of a wrong code and of a number that is none', async () => {
    const { ask, lines } = flowBench({ limits: {} });
    const { body } = await ask('startSignIn', { phoneNumber });
    await ask('verifySignIn', { handle: body.handle, code: '000000' });
    await ask('verifySignIn', { handle: body.handle, code: '123456' });
    await ask('startSignIn', { phoneNumber: 'none' });
    await ask('startSignIn', { phoneNumber });
    expect(lines).toEqual([]);
  });

  it('has a store of the limits that fails, once', async () => {
    const limitStore = new FlakyStore();
    limitStore.mode = 'throws';
    const { ask, lines } = flowBench({ limits: {}, limitStore });
    expect((await ask('startSignIn', { phoneNumber })).status).toBe(503);
    expect((await ask('startSignIn', { phoneNumber })).status).toBe(503);
    expect(lines).toEqual([expect.stringMatching(/the store of the limits failed: Error/)]);
    expect(lines.join('')).not.toContain('211234567');
  });

  it('has a replay store that fails or answers nonsense, and health tells of it', async () => {
    const answers: (() => boolean)[] = [
      () => {
        throw new Error(`no connection for ${phoneNumber}`);
      },
      () => JSON.parse('"yes"'),
    ];
    const replayStore = {
      burn: async () => answers.shift()?.() ?? true,
      restore: async () => undefined,
    };
    const { ask, lines, gate, told } = flowBench({ limits: {} }, { replayStore });
    const { body } = await ask('startSignIn', { phoneNumber });
    const verify = () => ask('verifySignIn', { handle: body.handle, code: '123456' });
    expect((await verify()).status).toBe(503);
    expect(gate.health().replayStore).toBe('failing');
    expect((await verify()).status).toBe(503);
    expect(lines.filter((line) => line.includes('replay store'))).toEqual([
      expect.stringMatching(/failed to burn a handle: Error: no connection for \[number\]/),
      expect.stringMatching(/failed to burn a handle: TypeError: burn\(\) answered neither/),
    ]);
    expect(told().filter((type) => type === 'replay_store_failed')).toHaveLength(2);
    await verify();
    expect(gate.health().replayStore).toBe('working');
  });

  it('has nothing of a limit that one client reaches alone', async () => {
    const { ask, lines } = flowBench({ limits: {} });
    await ask('startSignIn', { phoneNumber });
    expect((await ask('startSignIn', { phoneNumber })).status).toBe(429);
    expect(lines).toEqual([]);
  });

  it('has a budget that is used up', async () => {
    const { ask, lines } = flowBench({ limits: { budget: [{ max: 1, windowMs: 86_400_000 }] } });
    await ask('startSignIn', { phoneNumber });
    expect((await ask('startSignIn', { phoneNumber: '+64219876543' })).status).toBe(429);
    expect(lines).toEqual([expect.stringMatching(/the budget of the day is used up/)]);
  });
});
