import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { installIfMissing } from './debian-package.js';

/** A Redis of its own on loopback, which keeps nothing. */
export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** Lets so much time pass for every key: it is that much closer to its end, or gone. */
  pass(ms: number): Promise<void>;
  /** All keys. */
  keys(): Promise<readonly string[]>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a suite may wait for {@link startRedis}, should it have to be installed. */
export const REDIS_START_MS = 180_000;

const PASS = `
for _, key in ipairs(redis.call('keys', '*')) do
  local left = redis.call('pttl', key)
  if left >= 0 then
    if left <= tonumber(ARGV[1]) then redis.call('del', key)
    else redis.call('pexpire', key, left - tonumber(ARGV[1])) end
  end
end
return 0`;

/** @throws where there is no Redis and none can be had: a suite that needs one has then failed. */
export async function startRedis(): Promise<RedisServer> {
  installIfMissing('redis-server', 'redis-server');
  const { child, port } = await launch();
  const client = new Redis({ port, host: '127.0.0.1' });
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pass: async (ms) => {
      await client.eval(PASS, 0, ms);
    },
    keys: () => client.keys('*'),
    clear: async () => {
      await client.flushall();
    },
    stop: async () => {
      client.disconnect();
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}

const ATTEMPTS = 5;

/** Somebody else may take the port between asking for it and using it. */
async function launch(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: tmpdir() };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('Ready to accept connections')) {
        child.stdout.resume();
        return { child, port };
      }
    }
  }
  throw new Error(`redis-server did not start on any of ${ATTEMPTS} ports.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new TypeError('A TCP server has a port.');
  }
  return address.port;
}
