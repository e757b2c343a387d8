import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * The browser helper as a bundler makes it of an application that uses everything.
 *
 * @returns {Promise<{ minified: number, gzip: number }>} bytes
 */
export async function browserSize() {
  const { outputFiles } = await build({
    entryPoints: ['dist/esm/browser/index.js'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  return { minified: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
}
