import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installIfMissing } from '../processes/debian-package.mjs';
import { OTHERS, onCore } from '../processes/placement.mjs';
import { TOKEN_HEAD, TOKEN_TAIL } from '../stub/token.mjs';
import { readLoad } from './wrk-output.mjs';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

/**
 * @typedef {object} Shot
 * @property {string} url
 * @property {'GET' | 'POST'} method
 * @property {string} user
 * @property {number} status which every answer must have
 * @property {string} [bodyFile] JSON
 * @property {string} [keysFile] sends the proof of each key in it once
 * @property {number} connections
 * @property {number} seconds
 */

/** @throws with what to install */
export function needWrk() {
  installIfMissing('wrk', 'wrk');
}

/**
 * Fires for a while and takes down what came back.
 *
 * @param {Shot} shot
 * @returns {Promise<import('./wrk-output.mjs').Load>}
 */
export async function fire(shot) {
  const { url, method, user, status, connections, seconds } = shot;
  const { bodyFile = '-', keysFile = '-' } = shot;
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s'];
  const told = [String(status), method, user, bodyFile, keysFile, TOKEN_HEAD, TOKEN_TAIL];
  // One descriptor per connection: the usual limit of 1,024 is too low.
  const unlimited = ['sh', '-c', 'ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh'];
  const [command, ...args] = onCore(OTHERS, [
    ...unlimited,
    ...wrk,
    '-s',
    SCRIPT,
    url,
    '--',
    ...told,
  ]);
  const { stdout } = await run(command, args);
  return readLoad(stdout, status);
}
