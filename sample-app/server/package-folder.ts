import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where an installed package lies, as Node would look for it from here. Its own resolver gives files
 * for Node; a browser is to be given others of the same package.
 *
 * @throws Error if it is not installed
 */
export function packageFolder(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (nameOf(folder) === name) {
      return folder;
    }
    const installed = join(folder, 'node_modules', name);
    if (existsSync(installed)) {
      return installed;
    }
    if (folder === dirname(folder)) {
      throw new Error(`The package ${name} is not installed.`);
    }
  }
}

function nameOf(folder: string): unknown {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).name : undefined;
}
