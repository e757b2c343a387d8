// Node's loader for what Jest does by `moduleNameMapper` and `@swc/jest`: specs and sources in TypeScript.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import jestConfig from '../../jest.config.mjs';

const HERE = new URL('./', import.meta.url).href;
const ROOT = new URL('../../', import.meta.url).href;
/** @type {import("@swc/core").Options} */
const SWC = JSON.parse(JSON.stringify(jestConfig.transform['^.+\\.ts$']?.[1]));

/** @param {string} specifier @param {string} parent */
function ours(specifier, parent) {
  if (specifier === '@jest/globals') {
    return `${HERE}jest-globals.mjs`;
  }
  const [, part] = /^authsignal-guard(\/.*)?$/.exec(specifier) ?? [undefined, undefined];
  if (specifier.startsWith('authsignal-guard')) {
    return `${ROOT}src${part ?? ''}/index.ts`;
  }
  if (!/^\.{1,2}\/.*\.js$/.test(specifier) || parent.includes('/node_modules/')) {
    return undefined;
  }
  const url = new URL(specifier.replace(/\.js$/, '.ts'), parent).href;
  return existsSync(fileURLToPath(url)) ? url : undefined;
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const parent = context.parentURL ?? ROOT;
  const url = ours(specifier, parent);
  if (url === undefined) {
    return next(specifier, context);
  }
  // A round's modules are its own, so that what runs at their loading runs again.
  const round = url.startsWith(HERE) ? '' : new URL(parent).search;
  return { url: `${url}${round}`, shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  const file = new URL(url);
  if (file.protocol !== 'file:' || !file.pathname.endsWith('.ts')) {
    return next(url, context);
  }
  const filename = fileURLToPath(new URL(file.pathname, 'file:'));
  const { code } = await transform(await sourceOf(filename), {
    ...SWC,
    filename,
    sourceMaps: false,
    configFile: false,
    swcrc: false,
  });
  return { format: 'module', source: code, shortCircuit: true };
}

/** @param {string} filename */
async function sourceOf(filename) {
  const text = await readFile(filename, 'utf8');
  // The flows are free of frameworks: one of them tells as much as four.
  return filename.endsWith('test/support/host.ts')
    ? text.replace(/(?<=PLATFORMS = )\[.*\](?= as const)/, "['express-5']")
    : text;
}
