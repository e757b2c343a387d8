import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installedVersion } from './npm.mjs';
import { run } from './run.mjs';

const STRICT = {
  target: 'ES2022',
  lib: ['ES2022'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  // What others declare is not checked here (see `ours`), but all that this package declares is.
  skipLibCheck: false,
  rootDir: '.',
};

/** How a project may look for its types. TypeScript 6 has done away with node10. */
const RESOLUTIONS = {
  nodenext: { compiler: 'typescript-6', module: 'NodeNext', moduleResolution: 'NodeNext' },
  bundler: { compiler: 'typescript-6', module: 'ESNext', moduleResolution: 'Bundler' },
  node10: { compiler: 'typescript-5', module: 'CommonJS', moduleResolution: 'Node10' },
};

/** @typedef {keyof typeof RESOLUTIONS} Resolution */

/** @returns {Promise<string>} where the compilers are. */
export async function installCompilers(folder) {
  const compilers = join(folder, 'compilers');
  await install(compilers, [
    'typescript-5@npm:typescript@~5.9',
    'typescript-6@npm:typescript@~6.0',
  ]);
  for (const name of ['typescript-5', 'typescript-6']) {
    console.log(`TypeScript ${installedVersion(compilers, name)}`);
  }
  return compilers;
}

/** @param {Resolution} resolution @throws with what is wrong with this package's types or their use. */
export async function checkTypes(project, resolution, { compilers, ...settings }) {
  const { compiler, ...resolving } = RESOLUTIONS[resolution];
  const compilerOptions = { ...STRICT, ...resolving, noEmit: true, ...settings };
  const config = join(project, `tsconfig.${resolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = join(compilers, 'node_modules', compiler, 'bin/tsc');
  const output = await run(process.execPath, [tsc, '-p', config, '--pretty', 'false'], project)
    .then(() => '')
    .catch((error) => error.message);
  const errors = output.split('\n').filter((line) => /error TS\d+:/.test(line));
  if (output !== '' && errors.length === 0) {
    throw new Error(output);
  }
  const ours = errors.filter((line) => !isOfOthers(line));
  if (ours.length > 0) {
    throw new Error(ours.join('\n'));
  }
}

function isOfOthers(line) {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/[^(]*\(\d+,\d+\)/.exec(line) ?? [];
  return name !== undefined && name !== 'authsignal-guard';
}
