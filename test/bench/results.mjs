import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What runs measured, section by section; a section that was not measured is missing.
 * @typedef {object} Results
 * @property {Run<import('./sections/throughput.mjs').Series[]>} [throughput]
 * @property {Run<import('./sections/steps.mjs').Steps>} [steps]
 * @property {Run<import('./sections/growth.mjs').Growth>} [growth]
 * @property {Run<import('./sections/start.mjs').Start>} [start]
 * @property {Run<import('./sections/profile.mjs').Profiled[]>} [profile]
 */

/**
 * One section's measurements, and under which circumstances they came about.
 * @template T
 * @typedef {object} Run
 * @property {string} at ISO 8601
 * @property {string} command
 * @property {import('./machine.mjs').Machine} machine
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} connections
 * @property {T} measured
 */

/**
 * @param {string} file
 * @returns {Results} nothing where there is no such file yet
 */
export function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') {
      return {};
    }
    throw error;
  }
}

/** @param {string} file @param {Results} results */
export function writeResults(file, results) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
}
