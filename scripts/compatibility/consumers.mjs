/**
 * @typedef {object} Consumer
 * @property {string} name As on the command line.
 * @property {string} title As in docs/compatibility.md.
 * @property {readonly string[]} packages What it installs beside this package: the newest of a major version.
 * @property {readonly string[]} shown The packages whose versions are told.
 * @property {'server' | 'page' | 'vitest'} kind How it is tried.
 * @property {readonly string[]} sources The folders of its sources, under `projects`.
 * @property {readonly string[]} platforms What its program is started with, once each.
 * @property {string} subpath The subpath that must be the same class for `import` and `require`.
 * @property {boolean} [jest] Whether its tests run in Jest's CommonJS mode, as Nest 11's starter has it.
 */

const NODE_TYPES = '@types/node@20';
const COMMON = [NODE_TYPES, '@opentelemetry/api@1'];
const VALIDATION = ['class-validator@0.15', 'class-transformer@0.5'];

function nestPackages(major, ...names) {
  return [
    ...['common', 'core', 'platform-express', ...names].map((name) => `@nestjs/${name}@${major}`),
    'reflect-metadata@0.2',
    'rxjs@7',
    ...COMMON,
  ];
}

/** @returns {Consumer} */
function nest(major) {
  return {
    name: `nest-${major}`,
    title: `Nest ${major}, on Express and on Fastify`,
    packages: [
      ...nestPackages(major, 'platform-fastify'),
      ...VALIDATION,
      ...(major === 11 ? ['jest@30', '@jest/globals@30'] : []),
    ],
    shown: ['@nestjs/core', 'express', 'fastify', ...(major === 11 ? ['jest'] : [])],
    kind: 'server',
    sources: ['shared', 'nest', 'nest-platforms'],
    platforms: ['express', 'fastify'],
    subpath: 'nest',
    jest: major === 11,
  };
}

/**
 * Nest brings an Express 5 of its own; the project's is the one that its adapter is given.
 *
 * @returns {Consumer}
 */
function nestOnExpress4(major) {
  return {
    name: `nest-${major}-express-4`,
    title: `Nest ${major}, on an instance of Express 4`,
    packages: [...nestPackages(major), ...VALIDATION, 'express@4', '@types/express@4'],
    shown: ['@nestjs/core', 'express'],
    kind: 'server',
    sources: ['shared', 'nest', 'nest-express-4'],
    platforms: ['express-4'],
    subpath: 'nest',
  };
}

/** @returns {Consumer} */
function express(major) {
  return {
    name: `express-${major}`,
    title: `Express ${major}, without Nest`,
    packages: [`express@${major}`, `@types/express@${major}`, ...COMMON],
    shown: ['express'],
    kind: 'server',
    sources: ['shared', 'express'],
    platforms: ['express'],
    subpath: 'express',
  };
}

/** The newest that this Node can run: Vitest 5 asks for Node 22, and for its types. */
const VITEST = process.versions.node.startsWith('20.')
  ? ['vitest@4', NODE_TYPES]
  : ['vitest@5', '@types/node@22'];

/** @type {readonly Consumer[]} */
export const CONSUMERS = [
  nest(11),
  nest(12),
  nestOnExpress4(11),
  nestOnExpress4(12),
  express(4),
  express(5),
  {
    name: 'page',
    title: 'A page bundled by Vite, in Chromium',
    packages: ['vite@8', '@authsignal/browser@1', 'express@5'],
    shown: ['vite', '@authsignal/browser'],
    kind: 'page',
    sources: ['page'],
    platforms: [],
    subpath: 'browser',
  },
  {
    name: 'vitest',
    title: 'Tests of a Nest application in Vitest',
    packages: [
      ...VITEST,
      'vite@8',
      ...nestPackages(12, 'testing').filter((name) => name !== NODE_TYPES),
      'supertest@7',
      '@types/supertest@7',
    ],
    shown: ['vitest', 'vite', '@nestjs/core'],
    kind: 'vitest',
    sources: ['vitest'],
    platforms: [],
    subpath: 'testing',
  },
];
