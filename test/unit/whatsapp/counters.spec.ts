import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { counterFactory, type Supply, type Taken } from '../../../src/whatsapp/counters.js';
import { SendLimits } from '../../../src/whatsapp/send-limits.js';
import { type Share, takeShares } from '../../../src/whatsapp/shares.js';
import { REDIS_START_MS, type RedisServer, startRedis } from '../../support/redis-server.js';
import { flowBench } from './flow-bench.js';
import { defaultLimits, HOUR, inTurn, sendTo, someSend, times } from './limit-world.js';

const NUMBER = '+64211234567';

describe('a window', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('begins with its first count and ends to the millisecond', async () => {
    const start = Date.UTC(2026, 0, 1);
    jest.useFakeTimers({ now: start });
    const counter = counterFactory(undefined, 'default')('edge', { max: 1, windowMs: 60_000 });
    expect(await counter.take(NUMBER)).toMatchObject({ ok: true, count: 1 });
    jest.setSystemTime(start + 59_999);
    expect(await counter.waitFor(NUMBER)).toBe(1_000);
    expect(await counter.take(NUMBER)).toEqual({ ok: false, retryAfterMs: 1_000 });
    jest.setSystemTime(start + 60_000);
    expect(await counter.waitFor(NUMBER)).toBe(0);
    expect(await counter.take(NUMBER)).toMatchObject({ ok: true, count: 1 });
    expect(await counter.waitFor(NUMBER)).toBe(60_000);
  });

  it('is kept in memory until it ends, and not longer', async () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    const counter = counterFactory(undefined, 'default')('memory', { max: 1, windowMs: HOUR });
    await inTurn(500, (index) => counter.waitFor(`+6421000${index}`));
    expect(jest.getTimerCount()).toBe(0);
    await inTurn(500, (index) => counter.take(`+6421000${index}`));
    expect(jest.getTimerCount()).toBe(500);
    jest.advanceTimersByTime(HOUR);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('taking shares', () => {
  interface Named extends Share {
    readonly name: string;
  }

  const supplyOf = (take: () => Promise<Taken>, waitMs = 0): Supply => ({
    take,
    waitFor: async () => waitMs,
  });

  it('gives back what it has when another one is refused, or its store breaks', async () => {
    const back: string[] = [];
    const shareOf = (name: string): Named => ({
      name,
      key: name,
      supply: supplyOf(async () => ({
        ok: true,
        count: 1,
        giveBack: async () => void back.push(name),
      })),
    });
    const refusing: Named = {
      ...shareOf('refusing'),
      supply: supplyOf(async () => ({ ok: false, retryAfterMs: 5_000 })),
    };
    const broken: Named = {
      ...shareOf('broken'),
      supply: supplyOf(() => Promise.reject(new Error('gone'))),
    };
    const taken = await takeShares([shareOf('a'), shareOf('b'), refusing, shareOf('c')]);
    expect(taken).toMatchObject({ ok: false, retryAfterMs: 5_000, share: { name: 'refusing' } });
    expect(back).toEqual(['a', 'b']);
    await expect(takeShares([shareOf('d'), broken, shareOf('e')])).rejects.toThrow('gone');
    expect(back).toEqual(['a', 'b', 'd']);
  });

  it('takes nothing where one can be seen to refuse', async () => {
    const take = jest.fn<() => Promise<Taken>>();
    const shares = [0, 3_000, 9_000, 6_000].map((waitMs) => ({
      key: `${waitMs}`,
      supply: supplyOf(take, waitMs),
    }));
    expect(await takeShares(shares)).toMatchObject({ retryAfterMs: 9_000, share: { key: '9000' } });
    expect(take).not.toHaveBeenCalled();
  });
});

/** A client in the manner of node-redis, each of whose answers is the same. */
function clientAnswering(answer: () => Promise<unknown>) {
  const chain = { get: () => chain, pTTL: () => chain, set: () => chain, exec: answer };
  return { isReady: true, multi: () => chain, eval: answer, del: answer };
}

const BAD_STORES: readonly (readonly [string, object])[] = [
  ['throws', clientAnswering(() => Promise.reject(new Error(`READONLY ${NUMBER}`)))],
  ['hangs', clientAnswering(() => new Promise(() => undefined))],
  ['is not connected', { ...clientAnswering(async () => [1, 1_000]), isReady: false }],
  ['answers nothing', clientAnswering(async () => undefined)],
  ['answers OK', clientAnswering(async () => 'OK')],
  ['answers an empty list', clientAnswering(async () => [])],
  ['answers words', clientAnswering(async () => ['many', 'soon'])],
  ['answers no time', clientAnswering(async () => ['1'])],
  ['answers objects', clientAnswering(async () => [{}, {}])],
];

describe('a store of limits that', () => {
  it.each(BAD_STORES)('%s lets no message and no code through', async (_name, limitStore) => {
    const broken = flowBench({ limitStore }, { timeoutMs: 50 });
    const working = flowBench({}, { timeoutMs: 50 });
    const started = await working.ask('startSignIn', { phoneNumber: NUMBER });
    const refused = [
      await broken.ask('startSignIn', { phoneNumber: NUMBER }),
      await broken.ask('resend', { handle: started.body.handle }),
      await broken.ask('verifySignIn', { handle: started.body.handle, code: '123456' }),
    ];
    for (const { status, headers, body } of refused) {
      expect(status).toBe(503);
      expect(body).toMatchObject({ code: 'step_up_unavailable' });
      expect(headers['Retry-After'] ?? headers['retry-after']).toBeDefined();
    }
    expect(broken.calls()).toEqual([]);
    expect(broken.told()).toEqual(times(3, () => 'limit_store_failed'));
    expect(JSON.stringify(broken.events)).not.toContain('211234567');
  });
});

describe('a Redis', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await startRedis();
  }, REDIS_START_MS);

  afterAll(() => server?.stop());

  it('is left without a trace of what was refused, and each key of it ends', async () => {
    const redis = new Redis(server.url);
    await redis.ping();
    const limits = new SendLimits(defaultLimits(), counterFactory(redis, 'default'));
    await inTurn(3, (index) => limits.take({ ...someSend(index), ip: '203.0.113.66' }));
    const before = await server.keys();
    const flood = await inTurn(200, (index) =>
      limits.take({ ...someSend(10 + index), ip: '203.0.113.66' }),
    );
    expect(flood.every((permit) => !permit.ok && permit.limit === 'ip')).toBe(true);
    expect((await server.keys()).toSorted()).toEqual(before.toSorted());
    const lives = await Promise.all(before.map((key) => redis.pttl(key)));
    expect(lives.every((ms) => ms > 0 && ms <= 24 * HOUR)).toBe(true);
    expect(before.every((key) => key.startsWith('authsignal-guard:'))).toBe(true);
    redis.disconnect();
  });

  it('that cannot be reached any more refuses at once, over either client', async () => {
    const other = await startRedis();
    const ioredis = new Redis(other.url, { retryStrategy: () => null });
    const nodeRedis = createClient({ url: other.url, socket: { reconnectStrategy: false } });
    ioredis.on('error', () => undefined);
    nodeRedis.on('error', () => undefined);
    await Promise.all([ioredis.ping(), nodeRedis.connect()]);
    const limits = [ioredis, nodeRedis].map(
      (client) => new SendLimits(defaultLimits(), counterFactory(client, 'default')),
    );
    for (const working of limits) {
      expect(await working.take(sendTo(NUMBER))).toHaveProperty('ok');
    }
    await other.stop();
    for (const broken of limits) {
      await expect(broken.take(sendTo(NUMBER))).rejects.toThrow();
    }
    nodeRedis.destroy();
  });
});
