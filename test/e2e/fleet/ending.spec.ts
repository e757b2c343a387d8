import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { REDIS_START_MS } from '../../support/redis-server.js';
import { Relay } from '../../support/relay.js';
import { until } from '../../support/until.js';
import { Fleet } from './fleet.js';
import { FRAMEWORKS, type Instance, type Make } from './instance.js';
import { send } from './payer.js';

const LONG_MS = 240_000;
const CLIENTS = ['ioredis', 'node-redis'] as const;
const EVERY_MAKE = FRAMEWORKS.flatMap((framework) =>
  CLIENTS.map((client): Make => ({ framework, client })),
);
const USED = { status: 409, code: 'step_up_consumed' };

let fleet: Fleet;
let relay: Relay;

beforeAll(async () => {
  fleet = await Fleet.start();
  relay = await Relay.start(Number(new URL(fleet.emulator.apiUrl).port));
}, REDIS_START_MS);
afterAll(async () => {
  await fleet?.close();
  await relay?.close();
});

/** `apiUrl` by way of the relay. */
const relayed = (): string => `http://127.0.0.1:${relay.port}/v1`;

describe.each(EVERY_MAKE)('one of two instances of $framework on $client', (make) => {
  let instance: Instance;
  let other: Instance;

  beforeAll(async () => {
    const settings = { apiUrl: relayed(), storeTimeoutMs: 300 };
    [instance, other] = await Promise.all([
      fleet.launch(make, settings),
      fleet.launch(make, settings),
    ]);
  }, LONG_MS);
  afterAll(() => other.process.kill());

  it(
    'answers 503 while Redis is frozen, runs nothing, and serves what is not guarded',
    async () => {
      const payer = await fleet.payer({}, instance.url);
      fleet.redis.freeze();
      const refused = await payer.pay(instance.url);
      const rates = await send(`${instance.url}/rates`, { method: 'GET' });
      // All of this before Redis goes on.
      expect(refused).toMatchObject({ status: 503, code: 'step_up_unavailable' });
      expect(rates).toMatchObject({ status: 200, json: { nzd: 1 } });
      expect(fleet.runs(payer)).toBe(0);
      fleet.redis.resume();
      // The burn that was given up arrives, and is undone: nothing has run on it.
      await until(
        'the proof counts again',
        async () => (await payer.pay(other.url)).status === 201,
      );
      expect(await payer.pay(instance.url)).toMatchObject(USED);
      expect(fleet.runs(payer)).toBe(1);
    },
    LONG_MS,
  );

  it(
    'finishes what runs when it is asked to stop, and ends its connections',
    async () => {
      const payer = await fleet.payer({ hold: true }, instance.url);
      const paid = payer.pay(instance.url);
      await instance.running(payer.id);
      expect(await fleet.connectedToRedis()).toContain(instance.name);
      instance.process.stop();
      await until('no connection is taken', async () => !(await instance.listens()));
      // Not yet: its handler may need what it has opened.
      expect(await fleet.connectedToRedis()).toContain(instance.name);
      instance.release(payer.id);
      expect(await paid).toMatchObject({ status: 201, json: { instance: instance.name } });
      await expectToHaveClosed(instance, relay.connections);
      expect(await payer.pay(other.url)).toMatchObject(USED);
      expect(fleet.runs(payer)).toBe(1);
    },
    LONG_MS,
  );

  it(
    'checks the proof to its end when it is asked to stop',
    async () => {
      const stopping = await fleet.launch(make, { apiUrl: relayed() });
      const payer = await fleet.payer({}, other.url);
      relay.hold();
      const paid = payer.pay(stopping.url);
      await until('Authsignal is asked', () => relay.isHolding);
      stopping.process.stop();
      await until('no connection is taken', async () => !(await stopping.listens()));
      relay.release();
      expect(await paid).toMatchObject({ status: 201, json: { instance: stopping.name } });
      await expectToHaveClosed(stopping, relay.connections);
      expect(fleet.runs(payer)).toBe(1);
    },
    LONG_MS,
  );

  it(
    'leaves the proof used when it is killed in the middle of a handler',
    async () => {
      const victim = await fleet.launch(make);
      const payer = await fleet.payer({ hold: true }, victim.url);
      const lost = payer.pay(victim.url);
      const cut = expect(lost).rejects.toThrow();
      await victim.running(payer.id);
      await victim.process.kill();
      await cut;
      expect(await payer.pay(other.url)).toMatchObject(USED);
      expect(fleet.runs(payer)).toBe(1);
    },
    LONG_MS,
  );

  /** It lives until the test hangs up, so it is not its end that closes what it had open. */
  async function expectToHaveClosed(stopped: Instance, before: number): Promise<void> {
    expect(before).toBeGreaterThan(0);
    await until('it has left Redis', async () => {
      return !(await fleet.connectedToRedis()).includes(stopped.name);
    });
    await until('it has left Authsignal', () => relay.connections < before);
    expect(stopped.process.isRunning).toBe(true);
    stopped.process.letGo();
    expect(await stopped.ended).toEqual({ code: 0, signal: null });
  }
});

describe('gate.close()', () => {
  it(
    'lets the call under way end, and resolves then',
    async () => {
      const cable = await Relay.start(relay.port);
      try {
        const gate = createStepUpGate({
          apiUrl: `http://127.0.0.1:${cable.port}/v1`,
          apiSecretKey: fleet.emulator.secret,
          timeoutMs: 20_000,
          replayStore: new MemoryReplayStore(),
          subject: () => 'somebody',
        });
        cable.hold();
        const policy = { action: 'createPayment', whenUnenrolled: 'allow' } as const;
        const evaluated = gate.evaluate(REQUEST, policy);
        await Promise.race([evaluated, until('Authsignal is asked', () => cable.isHolding)]);
        const order: string[] = [];
        const all = [
          evaluated.then(() => order.push('evaluated')),
          gate.close().then(() => order.push('closed')),
        ];
        cable.release();
        await Promise.all(all);
        expect(order).toEqual(['evaluated', 'closed']);
        expect(await evaluated).toMatchObject({ kind: 'approved', approval: { by: 'rules' } });
        await until('it has left Authsignal', () => cable.connections === 0);
      } finally {
        await cable.close();
      }
    },
    LONG_MS,
  );
});

const REQUEST = {
  transport: 'http',
  method: 'POST',
  path: '/payments',
  route: '/payments',
  params: {},
  query: {},
  headers: {},
  body: { amount: 1 },
  bodyState: 'read',
  ip: undefined,
  raw: {},
} as const;
