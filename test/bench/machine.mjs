import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { isPinned } from './processes/placement.mjs';

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores
 * @property {number} memoryGb
 * @property {string} kernel
 * @property {string} node
 * @property {boolean} pinned whether what is measured had a core of its own
 * @property {number} load of the machine when the section began: over 0.5, others were at work
 * @property {string} commit of the package, with `+` where files were changed since
 */

/** @returns {Machine} */
export function machine() {
  const [first] = cpus();
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.version,
    pinned: isPinned,
    load: loadavg()[0] ?? 0,
    commit: commit(),
  };
}

function commit() {
  try {
    const head = git('rev-parse', '--short', 'HEAD');
    return git('status', '--porcelain', '--', 'src') === '' ? head : `${head}+`;
  } catch {
    // The package may have been unpacked without its history.
    return 'unknown';
  }
}

/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
