import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisReplayStore } from 'authsignal-guard/redis';
import { replayStoreChecks } from 'authsignal-guard/testing';
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import { REDIS_START_MS, type RedisServer, startRedis } from '../../support/redis-server.js';

const MINUTE_MS = 60_000;

let single: RedisServer;
let cluster: RedisServer;

beforeAll(async () => {
  single = await startRedis();
  cluster = await startRedis({ isCluster: true });
}, REDIS_START_MS);

afterAll(async () => {
  await single.stop();
  await cluster.stop();
});

interface Connected {
  readonly client: object;
  close(): void | Promise<void>;
}

const silent = (): void => undefined;

/** Each kind of client, as its own documentation makes one. */
const CLIENTS: Readonly<
  Record<string, { server: () => RedisServer; connect(): Promise<Connected> }>
> = {
  ioredis: {
    server: () => single,
    async connect() {
      const client = new Redis(single.port, '127.0.0.1', { retryStrategy: () => 50 });
      client.on('error', silent);
      return { client, close: () => client.disconnect() };
    },
  },
  'node-redis': {
    server: () => single,
    async connect() {
      const socket = { reconnectStrategy: () => 50 };
      const client = createClient({ url: single.url, socket }).on('error', silent);
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  'a cluster of ioredis': {
    server: () => cluster,
    async connect() {
      const client = new Cluster([{ port: cluster.port, host: '127.0.0.1' }]);
      client.on('error', silent);
      return { client, close: () => client.disconnect() };
    },
  },
  'a cluster of node-redis': {
    server: () => cluster,
    async connect() {
      const client = createCluster({ rootNodes: [{ url: cluster.url }] }).on('error', silent);
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
};

describe.each(Object.entries(CLIENTS))('over %s', (name, { server, connect }) => {
  let one: Connected;
  let other: Connected;
  beforeAll(async () => {
    [one, other] = await Promise.all([connect(), connect()]);
  });
  afterAll(async () => {
    await one.close();
    await other.close();
  });

  const checks = replayStoreChecks({
    store: () => new RedisReplayStore(one.client),
    sibling: () => new RedisReplayStore(other.client),
    pass: (ms) => server().pass(ms),
  });
  it.each(checks)('$name', ({ run }) => run());

  it('keeps a key for its time, rounded up, under its prefix, with the owner as value', async () => {
    const store = new RedisReplayStore(one.client, { prefix: 'bank{eu}:' });
    expect(await store.burn('k', 'owner-1', 1_000.2)).toBe(true);
    expect(await store.burn('short', 'owner-1', 0.01)).toBe(true);
    expect(await server().command('GET', 'bank{eu}:k')).toMatch(/^[\w-]{16}owner-1$/);
    const left = Number(await server().command('PTTL', 'bank{eu}:k'));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(1_001);
  });

  it('has a prefix of its own by default', async () => {
    await new RedisReplayStore(one.client).burn('v1key', 'o', MINUTE_MS);
    expect(await server().keys()).toContain('authsignal-guard:proof:v1key');
  });

  it('gives up on a server that does not answer, and on a restore as well', async () => {
    const store = new RedisReplayStore(one.client, { timeoutMs: 50 });
    server().freeze();
    try {
      await expect(store.burn(`frozen ${name}`, 'o', MINUTE_MS)).rejects.toThrow(
        'No answer within 50 ms',
      );
      await expect(store.restore(`frozen ${name}`, 'o')).rejects.toThrow('No answer within 50 ms');
    } finally {
      server().resume();
    }
    // What arrived late is undone.
    await eventually(async () => {
      expect(await server().keys()).not.toContain(`authsignal-guard:proof:frozen ${name}`);
    });
  });

  it('throws what the server refuses, such as a write into a memory that is full', async () => {
    const store = new RedisReplayStore(one.client);
    await server().command('CONFIG', 'SET', 'maxmemory', '1');
    try {
      await expect(store.burn(`full ${name}`, 'o', MINUTE_MS)).rejects.toThrow(/OOM/);
    } finally {
      await server().command('CONFIG', 'SET', 'maxmemory', '0');
    }
    expect(await store.burn(`full ${name}`, 'o', MINUTE_MS)).toBe(true);
  });
});

describe.each(Object.entries(CLIENTS).filter(([name]) => !name.includes('cluster')))(
  'a lost server, over %s',
  (_name, { connect }) => {
    it('refuses at once, keeps nothing for later, and works again when it is back', async () => {
      const { client, close } = await connect();
      const store = new RedisReplayStore(client, { timeoutMs: 100 });
      expect(await store.burn('before', 'o', MINUTE_MS)).toBe(true);
      await single.kill();
      // What was on its way when the server went is given up after its time instead.
      await eventually(async () => {
        await expect(store.burn('on its way', 'o', MINUTE_MS)).rejects.toThrow('not connected');
      });
      await expect(store.burn('while away', 'o', MINUTE_MS)).rejects.toThrow('not connected');
      // Also while it tries to connect again, which ioredis calls connecting as at the beginning.
      for (let tries = 0; tries < 20; tries += 1) {
        await expect(store.burn('while away', 'o', MINUTE_MS)).rejects.toThrow('not connected');
        await new Promise((resolve) => setImmediate(resolve));
      }
      await single.startAgain();
      await eventually(async () => {
        expect(await store.burn('afterwards', 'o', MINUTE_MS)).toBe(true);
      });
      expect(await single.keys()).not.toContain('authsignal-guard:proof:while away');
      await single.clear();
      await close();
    });
  },
);

/** What a client finds out by itself, in a moment that only it knows. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('what a client answers', () => {
  const answering = (answer: unknown): object => ({
    isReady: true,
    get: async () => answer,
    set: async () => answer,
    eval: async () => answer,
  });

  it.each([[undefined], [1], [true], ['QUEUED'], [{}]])(
    '%p to SET is no burn and no refusal: it throws',
    async (answer) => {
      await expect(
        new RedisReplayStore(answering(answer)).burn('k', 'o', MINUTE_MS),
      ).rejects.toThrow('neither OK nor nothing');
    },
  );

  it('to a SET that the client has sent twice is known as our own', async () => {
    let kept: string | undefined;
    const sendingTwice = {
      isReady: true,
      // The answer to the first was lost with its connection; this is the one to the second.
      set: async (_key: string, value: string) => {
        kept ??= value;
        return null;
      },
      get: async () => kept,
      eval: async () => 1,
    };
    const store = new RedisReplayStore(sendingTwice);
    expect(await store.burn('k', 'o', MINUTE_MS)).toBe(true);
    expect(await store.burn('k', 'o', MINUTE_MS)).toBe(false);
  });

  it('may come as bytes', async () => {
    const store = new RedisReplayStore(answering(Buffer.from('OK')));
    expect(await store.burn('k', 'o', MINUTE_MS)).toBe(true);
  });
});

describe('a mistake at start', () => {
  const client = { isReady: true, get: silent, set: silent, eval: silent };
  it.each([
    ['no client', {}, {}],
    ['a client of something else', { set: silent, eval: silent }, {}],
    ['an empty prefix', client, { prefix: '' }],
    ['no time', client, { timeoutMs: 0 }],
    ['half a millisecond', client, { timeoutMs: 0.5 }],
  ])('is told: %s', (_name, given, options) => {
    expect(() => new RedisReplayStore(given, options)).toThrow(
      expect.objectContaining({
        code: 'ERR_STEP_UP_OPTION',
        message: expect.stringMatching(/^RedisReplayStore: /),
      }),
    );
  });
});
