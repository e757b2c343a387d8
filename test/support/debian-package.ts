import { spawnSync } from 'node:child_process';

/**
 * Sees to it that a command of a Debian package is there.
 *
 * @throws where there is none and none can be had: a suite that needs it has then failed.
 */
export function installIfMissing(command: string, packageName: string): void {
  if (isThere(command)) {
    return;
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`These tests need ${command}: install it, for only root can do it for you.`);
  }
  for (const task of [['update'], ['install', '-y', '--no-install-recommends', packageName]]) {
    aptGet(packageName, task);
  }
  if (!isThere(command)) {
    throw new Error(`These tests need ${command}, and apt-get did not bring one.`);
  }
}

const isThere = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

/** Suites that run at the same time may both install: the second waits for the first. */
function aptGet(packageName: string, task: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=300'];
  const { status, stderr } = spawnSync('apt-get', [...options, ...task], { env, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`These tests need ${packageName}. apt-get ${task[0]} failed: ${stderr}`);
  }
}
