import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthsignalEvent } from 'authsignal-guard';
import { RedisReplayStore } from 'authsignal-guard/redis';
import { Redis } from 'ioredis';
import { Customer, expectRefusal } from '../../support/customer.js';
import { PLATFORMS, type Platform } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { REDIS_START_MS, type RedisServer, startRedis } from '../../support/redis-server.js';
import { foundTown } from '../../support/scenarios.js';
import { anEvent, deliverQuietly, PATH } from '../../support/sender.js';
import { webhookHost } from '../../support/webhook-host.js';

const DAY_MS = 86_400_000;
const town = foundTown();

let redis: RedisServer;
const clients: Redis[] = [];
let fails = false;

function connected(): Redis {
  const client = new Redis(redis.port, '127.0.0.1', { retryStrategy: () => 50 });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** One instance of an application, with a connection of its own. */
const instance = () =>
  webhookHost({
    routes: { [PATH]: {} },
    options: () => ({ replayStore: new RedisReplayStore(connected(), { timeoutMs: 500 }) }),
    handle: (event: AuthsignalEvent) => {
      if (fails) {
        throw Object.assign(new Error('out of paper'), { statusCode: 500 });
      }
      return { handled: event.id };
    },
  });

const instances = [instance(), instance(), instance(), instance()];
let hosts: Hosts;

beforeAll(async () => {
  redis = await startRedis();
  hosts = new Hosts(town());
}, REDIS_START_MS);

afterAll(async () => {
  await hosts.close();
  for (const client of clients) {
    client.disconnect();
  }
  await redis.stop();
});

const everywhere = (platform: Platform): Promise<Customer[]> =>
  Promise.all(instances.map(async (plan) => new Customer(await hosts.of(plan, platform), town())));

const runsOf = (customers: readonly Customer[]): number =>
  customers.reduce((sum, { runs }) => sum + runs, 0);

describe.each(PLATFORMS)('four instances of %s on one Redis', (platform) => {
  it('handle an event once, of 52 deliveries at once', async () => {
    const customers = await everywhere(platform);
    const event = anEvent();
    const sent = customers.flatMap((customer) =>
      Array.from({ length: 13 }, () => deliverQuietly(customer, { event })),
    );
    const answers = await Promise.all(sent);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers.filter(({ text }) => text.includes('"duplicate":true'))).toHaveLength(51);
    expect(runsOf(customers)).toBe(1);
  });

  it('take up what another one failed at', async () => {
    const customers = await everywhere(platform);
    const [first, second] = customers;
    const event = anEvent();
    const returned = town().ledger.next('webhook_returned');
    fails = true;
    const failed = await deliverQuietly(first as Customer, { event });
    await returned;
    fails = false;
    expect(failed.status).toBe(500);
    const answer = await deliverQuietly(second as Customer, { event });
    expect(answer.json).toEqual({ handled: event.id });
    expect(runsOf(customers)).toBe(2);
  });

  it('remember an event for a day, under a key that does not tell it', async () => {
    const customers = await everywhere(platform);
    const [first] = customers;
    await redis.clear();
    const event = anEvent({ id: 'an event: of any length {and} make' });
    await deliverQuietly(first as Customer, { event });
    expect(await redis.keys()).toEqual([
      expect.stringMatching(/^authsignal-guard:proof:webhook:[\w-]{43}$/),
    ]);
    await redis.pass(DAY_MS - 60_000);
    expect((await deliverQuietly(first as Customer, { event })).text).toContain('duplicate');
    await redis.pass(120_000);
    expect(await redis.keys()).toEqual([]);
  });

  it('refuse while Redis is away, and handle the next delivery', async () => {
    const customers = await everywhere(platform);
    const [first] = customers;
    const event = anEvent();
    await redis.kill();
    const answer = await deliverQuietly(first as Customer, { event });
    expectRefusal(answer, 503, 'step_up_unavailable');
    expect(runsOf(customers)).toBe(0);
    await redis.startAgain();
    const again = clients.filter(({ status }) => status !== 'ready');
    await Promise.all(again.map((client) => new Promise((ready) => client.once('ready', ready))));
    const next = await deliverQuietly(first as Customer, { event });
    expect(next.json).toEqual({ handled: event.id });
    expect(runsOf(customers)).toBe(1);
  });
});
