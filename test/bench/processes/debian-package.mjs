import { spawnSync } from 'node:child_process';

/**
 * Sees to it that a command of a Debian package is there.
 *
 * @param {string} command
 * @param {string} packageName
 * @throws where there is none and none can be had, with what to do.
 */
export function installIfMissing(command, packageName) {
  if (isThere(command)) {
    return;
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`The bench needs ${command}: run \`apt-get install ${packageName}\` as root.`);
  }
  for (const task of [['update'], ['install', '-y', '--no-install-recommends', packageName]]) {
    const { status, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...task], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new Error(`The bench needs ${packageName}. apt-get ${task[0]} failed: ${stderr}`);
    }
  }
  if (!isThere(command)) {
    throw new Error(`The bench needs ${command}, and apt-get did not bring one.`);
  }
}

/** @param {string} command */
const isThere = (command) => spawnSync('which', [command]).status === 0;
