import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkTypes } from './compilers.mjs';
import { install, installedVersion } from './npm.mjs';
import { runNode } from './run.mjs';
import { writeDocumentedTest } from './testing-page.mjs';
import { tryPage } from './try-page.mjs';

const PROJECTS = resolve(import.meta.dirname, 'projects');

/** Refused, let through with the proof, and refused again with the same proof. */
export const STORY = [403, 201, 409];

/**
 * @param {import('./consumers.mjs').Consumer} consumer
 * @returns what was tried with what, and what failed.
 */
export async function tryConsumer(consumer, { folder, tarball, compilers }) {
  console.log(`\n${consumer.title}`);
  const home = join(folder, consumer.name);
  await install(home, [tarball, ...consumer.packages]);
  const steps = STEPS[consumer.kind](consumer, home, compilers);
  const failures = [];
  for (const [name, step] of steps) {
    try {
      await step();
      console.log(`  ok      ${name}`);
    } catch (error) {
      console.log(`  FAILED  ${name}\n${error.message.replace(/^/gm, '          ')}`);
      failures.push(name);
    }
  }
  return {
    name: consumer.name,
    title: consumer.title,
    versions: consumer.shown.map((name) => `${name} ${installedVersion(home, name)}`),
    passed: steps.map(([name]) => name).filter((name) => !failures.includes(name)),
    failures,
  };
}

const STEPS = {
  server: (consumer, home, compilers) =>
    ['cjs', 'esm'].flatMap((format) => serverSteps(consumer, home, compilers, format)),
  page: pageSteps,
  vitest: vitestSteps,
};

function serverSteps(consumer, home, compilers, format) {
  const withTests = format === 'cjs' && consumer.jest === true;
  const sources = [...consumer.sources, ...(withTests ? ['nest-jest'] : [])];
  const project = copyProject(sources, join(home, format));
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
  const steps = [
    [
      `${format}, types under nodenext`,
      () => checkTypes(project, 'nodenext', { compilers, noEmit: false, outDir: 'out' }),
    ],
    ...consumer.platforms.map((platform) => [
      `${format}, story on ${platform}`,
      async () => expectStory(await runNode(['out/main.js', platform], project)),
    ]),
  ];
  if (format === 'esm') {
    return [
      ...steps,
      ['esm, types under bundler', () => checkTypes(project, 'bundler', { compilers })],
      ['one class for import and require', () => checkIdentity(project, consumer.subpath)],
    ];
  }
  return [
    ...steps,
    ['cjs, types under node10', () => checkTypes(project, 'node10', { compilers })],
    ...(withTests ? [['cjs, Jest', () => runJest(home, project)]] : []),
  ];
}

function pageSteps(consumer, home, compilers) {
  const project = copyProject(consumer.sources, join(home, 'page'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  return [
    [
      'types under bundler',
      () =>
        checkTypes(project, 'bundler', {
          compilers,
          lib: ['ES2022', 'DOM', 'DOM.Iterable'],
          types: [],
        }),
    ],
    ['vite build', () => runNode([join(home, 'node_modules/vite/bin/vite.js'), 'build'], project)],
    ['story in Chromium', async () => expectStory(await tryPage(project))],
    ['one class for import and require', () => checkIdentity(project, consumer.subpath)],
  ];
}

function vitestSteps(consumer, home, compilers) {
  const project = copyProject(consumer.sources, join(home, 'tests'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeDocumentedTest(project);
  const vitest = join(home, 'node_modules/vitest/vitest.mjs');
  return [
    ['types under nodenext', () => checkTypes(project, 'nodenext', { compilers })],
    ['types under bundler', () => checkTypes(project, 'bundler', { compilers })],
    ['vitest run', () => runNode([vitest, 'run'], project)],
    ['one class for import and require', () => checkIdentity(project, consumer.subpath)],
  ];
}

function copyProject(sources, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of sources) {
    cpSync(join(PROJECTS, name), folder, { recursive: true });
  }
  return folder;
}

function expectStory(told) {
  if (told.trim() !== JSON.stringify(STORY)) {
    throw new Error(`${told.trim()} instead of ${JSON.stringify(STORY)}`);
  }
}

async function checkIdentity(project, subpath) {
  writeFileSync(
    join(project, 'identity.mjs'),
    `import { createRequire } from 'node:module';
     const require = createRequire(import.meta.url);
     for (const name of ['authsignal-guard', 'authsignal-guard/${subpath}']) {
       const imported = await import(name);
       const other = Object.keys(imported).filter((key) => imported[key] !== require(name)[key]);
       if (other.length > 0) throw new Error(name + ' is twice there: ' + other);
     }`,
  );
  await runNode(['identity.mjs'], project);
}

/** Without any settings but where the compiled tests are: as it comes. */
function runJest(home, project) {
  const jest = join(home, 'node_modules/jest/bin/jest.js');
  return runNode([jest, '--rootDir', join(project, 'out')], project);
}
