import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REDIS_START_MS } from '../../support/redis-server.js';
import { until } from '../../support/until.js';
import { Fleet } from './fleet.js';
import { FRAMEWORKS, fourOf } from './instance.js';
import { type Answer, type Payer, send } from './payer.js';
import { countOf, everywhere, RETRIES, storm, tally, unlike } from './storm.js';

const LONG_MS = 240_000;
/** In a row. The store is what decides, and the same below both. */
const PROOFS = { nest: 10, express: 4 };
/** In a row, too: where Redis or instances fail meanwhile. Instances of Express start sooner. */
const OUTAGES = { nest: 2, express: 10 };
const CRASHES = { nest: 1, express: 10 };

/** 1, 2, 3 and so on. */
const rounds = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

const RAN = '201';
const USED = '409 step_up_consumed';
const UNAVAILABLE = '503 step_up_unavailable';
/** The balancer's own, for an instance that went away. */
const GONE = '502';

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start();
}, REDIS_START_MS);
afterAll(() => fleet?.close());

describe.each(FRAMEWORKS)('four instances of %s', (framework) => {
  beforeAll(() => fleet.launchAll(fourOf(framework)), LONG_MS);

  async function expectNewProofToWork(): Promise<void> {
    const next = await fleet.payer();
    expect(await next.pay(fleet.url)).toMatchObject({ status: 201, json: { paid: true } });
    expect(tally(await everywhere(fleet, next))).toEqual({ [USED]: 4 });
    expect(fleet.runs(next)).toBe(1);
  }

  describe('400 parallel retries with one proof', () => {
    it.each(rounds(PROOFS[framework]))(
      'run the handler once (proof %i)',
      async () => {
        const payer = await fleet.payer();
        expect(tally(await storm(fleet, payer))).toEqual({ [RAN]: 1, [USED]: RETRIES - 1 });
        expect(fleet.runs(payer)).toBe(1);
      },
      LONG_MS,
    );
  });

  it(
    'send three messages to a number, if three is the limit',
    async () => {
      const phoneNumber = framework === 'nest' ? '+64215000001' : '+64215000002';
      const start = (to: string): Promise<Answer> =>
        send(`${fleet.url}/whatsapp/sign-in`, { body: { phoneNumber: to } });
      const atOnce = await Promise.all(Array.from({ length: 12 }, () => start(phoneNumber)));
      expect(countOf(429, atOnce)).toBe(9);
      for (const _instance of fleet.instances) {
        expect(await start(phoneNumber)).toMatchObject({ status: 429, code: 'otp_send_limited' });
      }
      expect(fleet.emulator.inbox.messages(phoneNumber)).toHaveLength(3);
      const another = phoneNumber.replace('+64215', '+64217');
      expect((await start(another)).status).toBeLessThan(300);
      expect(fleet.emulator.inbox.messages(another)).toHaveLength(1);
    },
    LONG_MS,
  );

  it(
    'run the handler again, if Redis forgets: a proof is used for as long as the store knows',
    async () => {
      const payer = await fleet.payer();
      expect((await payer.pay(fleet.url)).status).toBe(201);
      expect((await payer.pay(fleet.url)).status).toBe(409);
      await fleet.redis.clear();
      expect((await payer.pay(fleet.url)).status).toBe(201);
      expect(fleet.runs(payer)).toBe(2);
      expect((await payer.pay(fleet.url)).status).toBe(409);
    },
    LONG_MS,
  );

  describe('400 of them while Redis is killed and started again', () => {
    const cutOff = async (): Promise<void> => {
      await fleet.redis.kill();
      await fleet.redis.startAgain();
    };
    /** Whether all four are connected again, asked with a proof that is used. */
    const isBack = async (used: Payer): Promise<boolean> =>
      countOf(409, await everywhere(fleet, used)) === fleet.instances.length;

    it.each(rounds(OUTAGES[framework]).map((round) => [round, round % 2 === 0 ? 100 : 1]))(
      'run it at most once (outage %i, when %i are answered)',
      async (_round, before) => {
        const used = await fleet.payer();
        expect((await used.pay(fleet.url)).status).toBe(201);
        const payer = await fleet.payer();
        let outage: Promise<void> | undefined;
        const answers = await storm(fleet, payer, (answered) => {
          if (answered === before) outage = cutOff();
        });
        expect(outage).toBeDefined();
        await outage;
        expect(unlike([RAN, USED, UNAVAILABLE], answers)).toEqual([]);
        await until('all instances use Redis again', () => isBack(used));
        const later = await storm(fleet, payer);
        expect(unlike([RAN, USED], later)).toEqual([]);
        const runs = fleet.runs(payer);
        expect(runs).toBeLessThanOrEqual(1);
        expect(countOf(201, [...answers, ...later])).toBe(runs);
        expect(tally(await everywhere(fleet, payer))).toEqual({ [USED]: 4 });
        expect(fleet.runs(used)).toBe(1);
        await expectNewProofToWork();
      },
      LONG_MS,
    );
  });

  describe('400 of them while instances are killed and replaced', () => {
    it.each(rounds(CRASHES[framework]))(
      'run it at most once, whichever goes (round %i)',
      async () => {
        const payer = await fleet.payer();
        const victims = [...fleet.instances];
        const replaced: Promise<void>[] = [];
        const answers = await storm(fleet, payer, (answered) => {
          const victim = [20, 120].includes(answered) ? victims.pop() : undefined;
          if (victim !== undefined) replaced.push(fleet.replace(victim));
        });
        expect(replaced).toHaveLength(2);
        await Promise.all(replaced);
        expect(unlike([RAN, USED, GONE], answers)).toEqual([]);
        const later = await storm(fleet, payer);
        expect(unlike([RAN, USED], later)).toEqual([]);
        const runs = fleet.runs(payer);
        expect(runs).toBeLessThanOrEqual(1);
        // Less only if the instance went between the run and its answer.
        expect(countOf(201, [...answers, ...later])).toBeLessThanOrEqual(runs);
        await expectNewProofToWork();
      },
      LONG_MS,
    );

    it.each(rounds(CRASHES[framework]))(
      'run it once, if the one goes that runs it (round %i)',
      async () => {
        const payer = await fleet.payer({ hold: true });
        const struck = Promise.any(
          fleet.instances.map(async (instance) => {
            await instance.running(payer.id);
            await fleet.replace(instance);
          }),
        );
        const answers = await storm(fleet, payer);
        await struck;
        expect(unlike([USED, GONE], answers)).toEqual([]);
        expect(countOf(502, answers)).toBeGreaterThanOrEqual(1);
        expect(tally(await storm(fleet, payer))).toEqual({ [USED]: RETRIES });
        expect(fleet.runs(payer)).toBe(1);
        await expectNewProofToWork();
      },
      LONG_MS,
    );
  });
});
