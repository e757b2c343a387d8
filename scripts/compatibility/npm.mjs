import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

/** Packs what `npm run build` has built. @returns {Promise<string>} the tarball. */
export async function packInto(folder) {
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], '.');
  return join(folder, JSON.parse(packed)[0].filename);
}

/** Installs into a project of its own, made here. */
export async function install(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  await run('npm', ['install', ...QUIET, ...packages], folder);
}

/** @returns {string} the version that is installed there. */
export function installedVersion(folder, name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'))
    .version;
}
