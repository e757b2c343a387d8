import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The core of the process that is measured. */
export const MEASURED = 0;
/** The core of all others: the stand-in for Authsignal, Redis, the load generator, the bench itself. */
export const OTHERS = 1;

// Asked before anything is pinned: afterwards it would say 1.
const cores = availableParallelism();
const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/** Whether processes can be kept on cores of their own. Without it the figures say little. */
export const isPinned = hasTaskset && cores >= 2;

export const WHY_NOT_PINNED = hasTaskset
  ? 'This machine has one core: everything shares it, so compare figures within this run only.'
  : 'taskset (Debian package util-linux) is missing: processes are not kept on cores of their own.';

/**
 * A command that runs on one core.
 *
 * @param {number} core
 * @param {readonly string[]} command
 * @returns {[string, ...string[]]}
 */
export function onCore(core, command) {
  const [first = '', ...rest] = command;
  return isPinned ? ['taskset', '-c', String(core), first, ...rest] : [first, ...rest];
}

/** Moves this very process away from the core that is measured. */
export function moveAway() {
  if (isPinned) {
    spawnSync('taskset', ['-cp', String(OTHERS), String(process.pid)]);
  }
}
