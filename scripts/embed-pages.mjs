// The emulator's pages are files that a browser reads as they are. In the package they are text inside of modules,
// because ESM and CommonJS, made from one source, have no common way to find a file beside them.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PAGES = resolve(import.meta.dirname, '../src/emulator/pages');

/** @returns {readonly { readonly path: string, readonly text: string }[]} a module for each page */
export function embeddedPages() {
  return readdirSync(PAGES)
    .filter((name) => statSync(join(PAGES, name)).isDirectory())
    .map((page) => ({ path: join(PAGES, `${page}.embedded.ts`), text: moduleOf(page) }));
}

/** @param {string} page */
function moduleOf(page) {
  const folder = join(PAGES, page);
  const files = readdirSync(folder)
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return `  [${JSON.stringify(name)}, ${JSON.stringify(text)}],\n`;
    });
  return `// Made by scripts/embed-pages.mjs from the files in ${page}/, with every build.
export const ${page.toUpperCase()}_FILES: ReadonlyMap<string, string> = new Map([
${files.join('')}]);
`;
}

export function embedPages() {
  for (const { path, text } of embeddedPages()) writeFileSync(path, text);
}
