// Run on its own: says how many files one import loads, as `{"files":…}`.
import { createRequire, register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
/** @type {Set<string>} */
const files = new Set();
port1.on('message', (/** @type {string} */ url) => files.add(url));
register('./load-hook.mjs', import.meta.url, { data: port2, transferList: [port2] });
const [, , subpath = ''] = process.argv;
await import(subpath);
const { cache } = createRequire(import.meta.url);
// Messages of the loader's thread arrive in turns of their own.
await new Promise((resolve) => setTimeout(resolve, 100));
for (const file of Object.keys(cache)) {
  files.add(`file://${file}`);
}
process.stdout.write(JSON.stringify({ files: files.size }));
process.exit(0);
