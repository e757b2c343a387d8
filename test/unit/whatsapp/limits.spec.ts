import { afterAll, afterEach, beforeAll, beforeEach, describe, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { type CounterFactory, counterFactory } from '../../../src/whatsapp/counters.js';
import { REDIS_START_MS, type RedisServer, startRedis } from '../../support/redis-server.js';
import { BREAKER_BEHAVIOURS } from './breaker-behaviours.js';
import { CODE_ATTEMPT_BEHAVIOURS } from './code-attempt-behaviours.js';
import type { Behaviour } from './limit-world.js';
import { SEND_LIMIT_BEHAVIOURS } from './send-limit-behaviours.js';

const CONCERNS: readonly (readonly [string, readonly Behaviour[]])[] = [
  ['sending', SEND_LIMIT_BEHAVIOURS],
  ['the breaker', BREAKER_BEHAVIOURS],
  ['guessing', CODE_ATTEMPT_BEHAVIOURS],
];

/** Only the date is moved: timers, and with them the sockets of the clients, stay real. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'requestIdleCallback',
  'cancelIdleCallback',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: [...REAL], now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
  jest.useRealTimers();
});

function behaviours(counters: () => CounterFactory, pass?: (ms: number) => Promise<void>): void {
  for (const [concern, table] of CONCERNS) {
    describe(concern, () => {
      it.each(table.map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
        await run({
          counters: counters(),
          pass: async (ms) => {
            jest.setSystemTime(Date.now() + ms);
            await pass?.(ms);
          },
        });
      });
    });
  }
}

describe('limits in memory', () => {
  behaviours(() => counterFactory(undefined, 'default'));
});

describe('limits in a Redis', () => {
  let server: RedisServer;
  let ioredis: Redis;
  let nodeRedis: ReturnType<typeof createClient>;

  beforeAll(async () => {
    server = await startRedis();
    ioredis = new Redis(server.url);
    nodeRedis = createClient({ url: server.url });
    await Promise.all([ioredis.ping(), nodeRedis.connect()]);
  }, REDIS_START_MS);

  afterEach(() => server.clear());

  afterAll(async () => {
    ioredis?.disconnect();
    nodeRedis?.destroy();
    await server?.stop();
  });

  describe('by ioredis', () => {
    behaviours(
      () => counterFactory(ioredis, 'default'),
      (ms) => server.pass(ms),
    );
  });

  describe('by node-redis', () => {
    behaviours(
      () => counterFactory(nodeRedis, 'default'),
      (ms) => server.pass(ms),
    );
  });
});
