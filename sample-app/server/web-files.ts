import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { packageFolder } from './package-folder.js';

export interface WebFile {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * All that a browser may fetch, by path: the page, the unmodified Web SDK, and the library's part for browsers as
 * it was built. Read once, so that no request names a file.
 *
 * @throws Error if the library was not built
 */
export function readWebFiles(): ReadonlyMap<string, WebFile> {
  const own = join(import.meta.dirname, '../web');
  const library = join(packageFolder('authsignal-guard'), 'dist/esm');
  if (!existsSync(join(library, 'browser/index.js'))) {
    throw new Error(`${library} has no browser/index.js: npm run build`);
  }
  const webSdk = join(packageFolder('@authsignal/browser'), 'dist/index.js');
  return new Map([
    ['/', readWebFile(join(own, 'index.html'))],
    ...readFolder('/web/', own),
    ...readFolder('/modules/authsignal-guard/browser/', join(library, 'browser')),
    ['/modules/authsignal-guard/core/wire.js', readWebFile(join(library, 'core/wire.js'))],
    ['/modules/@authsignal/browser/index.js', readWebFile(webSdk)],
  ]);
}

function readFolder(path: string, folder: string): readonly (readonly [string, WebFile])[] {
  return readdirSync(folder)
    .filter((name) => ['.css', '.js', '.svg'].includes(extname(name)))
    .map((name) => [`${path}${name}`, readWebFile(join(folder, name))] as const);
}

function readWebFile(file: string): WebFile {
  const body = readFileSync(file);
  return { type: TYPES[extname(file)] ?? 'application/octet-stream', body, etag: etagOf(body) };
}

/** Of all that makes an answer what it is. */
export function etagOf(...parts: readonly (Buffer | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
  }
  return `"${hash.digest('base64url')}"`;
}
