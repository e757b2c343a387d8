import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/** The few parts of Node that are really used. */
const PARTS: Readonly<Record<string, string>> = {
  util: `
    exports.types = {};
    exports.format = (text, ...values) =>
      values.reduce((done, value) => done.replace('%s', () => String(value)), text);`,
  module: 'exports.builtinModules = [];',
};

/** For all others: whatever is asked of it, it gives itself. */
const NOTHING = `
  function Nothing() { return nothing; }
  Nothing[Symbol.toPrimitive] = () => '';
  const nothing = new Proxy(Nothing, {
    get: (target, key) =>
      typeof key === 'symbol' || key === 'prototype' ? Reflect.get(target, key) : nothing,
  });
  module.exports = nothing;`;

/** Jest's own `expect` and `it.each` name parts of Node that they do not need for what is done on a page. */
export const withoutNode: Plugin = {
  name: 'without-node',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /.*/ }, ({ path }) =>
      isBuiltin(path) || path === 'graceful-fs'
        ? { path: path.replace(/^node:/, ''), namespace: 'without-node' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'without-node' }, ({ path }) => ({
      contents: PARTS[path] ?? NOTHING,
      loader: 'js',
    }));
  },
};
