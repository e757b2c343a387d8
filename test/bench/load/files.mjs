import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'authsignal-guard-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** @param {string} name @returns {string} the path of a file that goes when the bench ends */
export const temporaryFile = (name) => join(folder, name);

/** @param {string} name @param {string} content @returns {string} its path */
export function temporaryFileWith(name, content) {
  const file = temporaryFile(name);
  writeFileSync(file, content);
  return file;
}

export const PAYMENT = JSON.stringify({ amount: 200_000, currency: 'EUR', payee: 'ACME Ltd.' });
