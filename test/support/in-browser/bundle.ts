import { resolve } from 'node:path';
import { build } from 'esbuild';
import { withoutNode } from './without-node.js';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '../../..');

/**
 * One script for a page, an ES module, of a TypeScript source that may import files (paths from the root of the
 * project), `authsignal-guard/browser` and, of `@jest/globals`, what `jest-globals.ts` offers; anything else of
 * that is an error here, so that nothing is left out unseen.
 */
export async function bundleForBrowser(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, loader: 'ts', resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'silent',
    // `sideEffects: false` of package.json speaks of `src`; a spec file is nothing but an effect.
    ignoreAnnotations: true,
    define: {
      process: '{"env":{},"platform":"linux"}',
      global: 'globalThis',
      __dirname: '"/"',
      __filename: '"/"',
    },
    alias: {
      '@jest/globals': `${HERE}/jest-globals.ts`,
      'authsignal-guard/browser': `${ROOT}/src/browser/index.ts`,
    },
    plugins: [withoutNode],
  });
  return outputFiles[0]?.text ?? '';
}
