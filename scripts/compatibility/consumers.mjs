/**
 * @typedef {object} Consumer
 * @property {string} name As on the command line.
 * @property {string} title As in docs/compatibility.md.
 * @property {readonly string[]} packages What it installs beside this package: the newest of a major version.
 * @property {readonly string[]} shown The packages whose versions are told.
 * @property {'nest' | 'express' | 'page'} project The folder of its sources.
 * @property {readonly string[]} platforms What its program is started with, once each.
 * @property {string} subpath The subpath that must be the same class for `import` and `require`.
 * @property {boolean} [jest] Whether its tests run in Jest's CommonJS mode, as Nest 11's starter has it.
 */

const COMMON = ['@types/node@20', '@opentelemetry/api@1'];
const VALIDATION = ['class-validator@0.15', 'class-transformer@0.5'];

/** @returns {Consumer} */
function nest(major) {
  return {
    name: `nest-${major}`,
    title: `Nest ${major}, on Express and on Fastify`,
    packages: [
      ...['common', 'core', 'platform-express', 'platform-fastify'].map(
        (name) => `@nestjs/${name}@${major}`,
      ),
      'reflect-metadata@0.2',
      'rxjs@7',
      ...VALIDATION,
      ...COMMON,
      ...(major === 11 ? ['jest@30', '@jest/globals@30'] : []),
    ],
    shown: ['@nestjs/core', 'express', 'fastify', ...(major === 11 ? ['jest'] : [])],
    project: 'nest',
    platforms: ['express', 'fastify'],
    subpath: 'nest',
    jest: major === 11,
  };
}

/** @returns {Consumer} */
function express(major) {
  return {
    name: `express-${major}`,
    title: `Express ${major}, without Nest`,
    packages: [`express@${major}`, `@types/express@${major}`, ...COMMON],
    shown: ['express'],
    project: 'express',
    platforms: ['express'],
    subpath: 'express',
  };
}

/** @type {readonly Consumer[]} */
export const CONSUMERS = [
  nest(11),
  nest(12),
  express(4),
  express(5),
  {
    name: 'page',
    title: 'A page bundled by Vite, in Chromium',
    packages: ['vite@8', '@authsignal/browser@1', 'express@5'],
    shown: ['vite', '@authsignal/browser'],
    project: 'page',
    platforms: [],
    subpath: 'browser',
  },
];
