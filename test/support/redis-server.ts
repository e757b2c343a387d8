import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { installIfMissing } from './debian-package.js';

export interface RedisServerOptions {
  /** Writes each change to the disk before it answers. Default: keeps nothing. */
  readonly keepsAll?: boolean;
  /** A cluster of one, which has all slots. */
  readonly isCluster?: boolean;
}

/** A Redis of its own on loopback. */
export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** Lets so much time pass for every key: it is that much closer to its end, or gone. */
  pass(ms: number): Promise<void>;
  /** All keys. */
  keys(): Promise<readonly string[]>;
  clear(): Promise<void>;
  /** One command, as `redis-cli` would send it. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
  /** It takes connections and answers nothing until it is resumed. */
  freeze(): void;
  resume(): void;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it has kept. */
  startAgain(): Promise<void>;
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
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  installIfMissing('redis-server', 'redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'redis-test-'));
  const first = await launch(folder, options);
  const { port } = first;
  let { child } = first;
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 });
  // It comes and goes; what a test asks of it while it is away waits.
  client.on('error', () => undefined);
  if (options.isCluster === true) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
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
    command: (name, ...args) => client.call(name, ...args),
    freeze: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill,
    startAgain: async () => {
      child = await start(port, folder, options);
    },
    stop: async () => {
      client.disconnect();
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ATTEMPTS = 5;

/** Somebody else may take the port between asking for it and using it. */
async function launch(
  folder: string,
  options: RedisServerOptions,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = await freePort();
    try {
      return { child: await start(port, folder, options), port };
    } catch (error) {
      failure = error;
    }
  }
  throw new Error(`redis-server did not start on any of ${ATTEMPTS} ports.`, { cause: failure });
}

async function start(
  port: number,
  folder: string,
  { keepsAll = false, isCluster = false }: RedisServerOptions,
): Promise<ChildProcess> {
  const settings = {
    port,
    bind: '127.0.0.1',
    save: '',
    appendonly: keepsAll ? 'yes' : 'no',
    appendfsync: 'always',
    'cluster-enabled': isCluster ? 'yes' : 'no',
    'cluster-announce-ip': '127.0.0.1',
    dir: folder,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Ready to accept connections')) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`redis-server ended instead of listening on port ${port}.`);
}

async function freePort(): Promise<number> {
  // The bus of a cluster is 10,000 higher.
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address === null || typeof address === 'string') {
      throw new TypeError('A TCP server has a port.');
    }
    if (address.port < 55_000) {
      return address.port;
    }
  }
}
