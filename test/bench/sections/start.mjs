import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PAYMENT } from '../load/files.mjs';
import { Child } from '../processes/child.mjs';
import { MEASURED, OTHERS, onCore } from '../processes/placement.mjs';
import { browserSize } from '../start/browser-size.mjs';
import { median } from '../statistics.mjs';

/**
 * @typedef {object} Start
 * @property {{ subpath: string, importMs: number, files: number }[]} imports
 * @property {FirstRequest[]} firstRequests
 * @property {{ minified: number, gzip: number }} browser bytes
 */

/**
 * @typedef {object} FirstRequest
 * @property {import('../apps/main.mjs').Platform} platform
 * @property {import('../apps/main.mjs').Guard} guard
 * @property {number} listeningMs from the start of the process
 * @property {number} answeredMs until its first request is answered
 */

/** What an application imports of ours, and of others for comparison. */
const SUBPATHS = [
  'authsignal-guard',
  'authsignal-guard/express',
  'authsignal-guard/nest',
  'authsignal-guard/redis',
  'authsignal-guard/testing',
  'authsignal-guard/emulator',
  '@authsignal/node',
  'undici',
  'express',
  '@nestjs/core',
];
const GUARDS = /** @type {const} */ (['none', 'by-hand', 'ours']);

/**
 * @param {import('../options.mjs').Options} options
 * @param {(line: string) => void} tell
 * @returns {Promise<Start>}
 */
export async function measureStart({ platforms, quick, rounds }, tell) {
  const times = quick ? 1 : 2 * rounds;
  tell('start: imports');
  const imports = SUBPATHS.map((subpath) => ({
    subpath,
    importMs: median(Array.from({ length: times }, () => alone('import-time', subpath).ms)),
    files: alone('count-files', subpath).files,
  }));
  const stub = await Child.start('stub/main.mjs', {}, { core: OTHERS });
  const firstRequests = [];
  for (const platform of platforms) {
    tell(`start: first request, ${platform}`);
    for (const guard of GUARDS) {
      const starts = [];
      for (let round = 0; round < times; round += 1) {
        starts.push(await firstRequest(stub, { platform, guard }));
      }
      firstRequests.push({
        platform,
        guard,
        listeningMs: median(starts.map(({ listeningMs }) => listeningMs)),
        answeredMs: median(starts.map(({ answeredMs }) => answeredMs)),
      });
    }
  }
  await stub.stop();
  return { imports, firstRequests, browser: await browserSize() };
}

/** @param {string} script @param {string} subpath @returns {any} what the script says */
function alone(script, subpath) {
  const file = fileURLToPath(new URL(`../start/${script}.mjs`, import.meta.url));
  const [command, ...args] = onCore(MEASURED, [process.execPath, file, subpath]);
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8' }));
}

/**
 * @param {Child} stub
 * @param {{ platform: import('../apps/main.mjs').Platform, guard: import('../apps/main.mjs').Guard }} app
 */
async function firstRequest(stub, app) {
  const apiUrl = await stub.ask('apiUrl');
  const started = performance.now();
  const child = await Child.start('apps/main.mjs', { ...app, apiUrl }, { core: MEASURED });
  const url = await child.ask('url');
  const listeningMs = performance.now() - started;
  const { status } = await fetch(`${url}/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user': 'allow-1' },
    body: PAYMENT,
  });
  const answeredMs = performance.now() - started;
  await child.stop();
  if (status !== 201) {
    throw new Error(`The first request was answered ${status}.`);
  }
  return { listeningMs, answeredMs };
}
