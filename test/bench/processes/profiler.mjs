import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** @type {Session | undefined} */
let session;

const INTERVAL_US = 200;

/** Samples this process's stack until {@link stopProfile}. */
export async function startProfile() {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await session.post('Profiler.start');
}

/** @param {string} file a `.cpuprofile` for the developer tools of Chromium */
export async function stopProfile(file) {
  const stopped = await session?.post('Profiler.stop');
  session?.disconnect();
  writeFileSync(file, JSON.stringify(stopped?.profile));
}
