import { figure, whole } from './figure.mjs';
import { table } from './table.mjs';
import { PLATFORM_NAMES } from './throughput-tables.mjs';

/** @typedef {import('../sections/start.mjs').Start} Start */

/** @param {Start} start */
export function importsTable({ imports }) {
  return table(
    ['Import', 'ms', 'files'],
    imports.map(({ subpath, importMs, files }) => [
      `\`${subpath}\``,
      figure(importMs),
      whole(files),
    ]),
  );
}

/** @param {Start} start */
export function firstRequestsTable({ firstRequests }) {
  const guards = /** @type {const} */ (['none', 'by-hand', 'ours']);
  const platforms = [...new Set(firstRequests.map(({ platform }) => platform))];
  return table(
    ['From the start of the process, ms', 'no guard', 'by hand', 'ours'],
    platforms.flatMap((platform) => {
      /** @param {'listeningMs' | 'answeredMs'} what */
      const all = (what) =>
        guards.map((guard) => {
          const found = firstRequests.find(
            (each) => each.platform === platform && each.guard === guard,
          );
          return whole(found?.[what] ?? 0);
        });
      const name = PLATFORM_NAMES[platform];
      return [
        [`${name}, until it listens`, ...all('listeningMs')],
        [`${name}, until its first guarded request is answered`, ...all('answeredMs')],
      ];
    }),
  );
}

/** @param {Start} start */
export function browserTable({ browser }) {
  return table(
    ['`authsignal-guard/browser`, everything used', 'bytes'],
    [
      ['minified', whole(browser.minified)],
      ['minified and gzipped', whole(browser.gzip)],
    ],
  );
}
