import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { installIfMissing } from './debian-package.mjs';
import { onCore } from './placement.mjs';

/**
 * A Redis of the bench's own on loopback, which keeps nothing.
 *
 * @param {number} core
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startRedis(core) {
  installIfMissing('redis-server', 'redis-server');
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const [command, ...args] = onCore(core, ['redis-server', ...flags]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const stop = async () => {
    process.off('exit', end);
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Ready to accept connections')) {
      child.stdout.resume();
      return { url: `redis://127.0.0.1:${port}`, stop };
    }
  }
  throw new Error(`redis-server ended instead of listening on port ${port}.`);
}

/** @returns {Promise<number>} */
async function freePort() {
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
