import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(240_000);

const run = promisify(execFile);
const root = resolve('.');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const subpaths: readonly string[] = Object.keys(manifest.exports)
  .filter((name) => name !== './package.json')
  .map((name) => (name === '.' ? manifest.name : `${manifest.name}/${name.slice(2)}`));

/** Applications that have installed the package: with everything, with nothing optional, and with one thing alone. */
let whole: string;
let lean: string;
let withExpress: string;
let withOpenTelemetry: string;

beforeAll(() => {
  for (const format of ['esm', 'cjs']) {
    if (!existsSync(`dist/${format}/index.js`)) {
      throw new Error(`dist/${format} is missing: run \`npm run build\` before these tests.`);
    }
  }
  whole = install([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
    '@nestjs/platform-express',
  ]);
  lean = install(Object.keys(manifest.dependencies));
  withExpress = install([...Object.keys(manifest.dependencies), 'express']);
  withOpenTelemetry = install([...Object.keys(manifest.dependencies), '@opentelemetry/api']);
});

afterAll(() => {
  for (const folder of [whole, lean, withExpress, withOpenTelemetry].filter(
    (each) => each !== undefined,
  )) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A copy, not a link: from a link Node would find the packages of this checkout too. */
function install(packages: readonly string[]): string {
  const app = mkdtempSync(join(tmpdir(), 'authsignal-guard-app-'));
  const own = join(app, 'node_modules', manifest.name);
  mkdirSync(own, { recursive: true });
  cpSync('dist', join(own, 'dist'), { recursive: true });
  cpSync('package.json', join(own, 'package.json'));
  for (const name of packages) {
    const link = join(app, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  return app;
}

/** Runs an ES module in the application's folder. @returns what it printed as JSON. */
async function inApp(app: string, code: string, flags: readonly string[] = []): Promise<unknown> {
  const file = join(app, `app-${process.hrtime.bigint()}.mjs`);
  writeFileSync(
    file,
    `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${code}`,
  );
  const { stdout } = await run(process.execPath, [...flags, file], { cwd: app });
  return JSON.parse(stdout);
}

describe('the built package', () => {
  it.each(subpaths)(
    '%s is one for import and require, and has the same names in CommonJS',
    async (subpath) => {
      const entry = manifest.exports[subpath.replace(manifest.name, '.')];
      const answer = await inApp(
        whole,
        `const required = require('${subpath}');
       const imported = await import('${subpath}');
       const other = require('./${join('node_modules', manifest.name, entry.require.default)}');
       const names = Object.keys(imported);
       console.log(JSON.stringify({
         names: names.length,
         same: names.every((name) => imported[name] === required[name]),
         file: require.resolve('${subpath}'),
         missing: names.filter((name) => !(name in other)),
         further: Object.keys(other).filter((name) => !(name in imported)),
       }));`,
      );
      expect(answer).toEqual({
        names: expect.any(Number),
        same: true,
        file: expect.stringMatching(/dist\/esm/),
        missing: [],
        further: [],
      });
      expect(Object(answer).names).toBeGreaterThan(0);
    },
  );

  it('knows the errors of its other form', async () => {
    const answer = await inApp(
      whole,
      `const { isStepUpError, StepUpError } = await import('${manifest.name}');
       const other = require('./node_modules/${manifest.name}/dist/cjs/index.js');
       const error = new other.StepUpError('ERR_STEP_UP_OPTION', 'x');
       console.log(JSON.stringify([error instanceof StepUpError, isStepUpError(error)]));`,
    );
    expect(answer).toEqual([false, true]);
  });

  it('works as a gate in both forms', async () => {
    const use = `
      const gate = createStepUpGate({ authsignal: new FakeAuthsignal(), secret: 'a secret of the package test', replayStore: new MemoryReplayStore() });
      const request = { transport: 'http', method: 'GET', path: '/', route: '/', params: {}, query: {}, headers: {}, bodyState: 'absent', raw: {} };
      const { by } = await gate.require(request, { action: 'pay', subject: () => 'alice' });
      console.log(JSON.stringify(by));`;
    const esm = `import { createStepUpGate, MemoryReplayStore } from '${manifest.name}';
      import { FakeAuthsignal } from '${manifest.name}/testing';${use}`;
    const cjs = `const { createStepUpGate, MemoryReplayStore } = require('./node_modules/${manifest.name}/dist/cjs/index.js');
      const { FakeAuthsignal } = require('./node_modules/${manifest.name}/dist/cjs/testing/index.js');${use}`;
    expect(await Promise.all([inApp(lean, esm), inApp(lean, cjs)])).toEqual(['rules', 'rules']);
  });
});

describe('an application without optional packages', () => {
  const applications: Readonly<Record<string, () => string>> = {
    '/express': () => withExpress,
    '/opentelemetry': () => withOpenTelemetry,
  };

  it.each([
    ['', []],
    ['/testing', []],
    ['/redis', []],
    ['/swagger', []],
    ['/browser', []],
    ['/emulator', []],
    ['/express', ['express']],
    ['/opentelemetry', ['@opentelemetry/api']],
  ])('can load authsignal-guard%s in both forms with %j alone', async (subpath, needed) => {
    const { [subpath]: application = () => lean } = applications;
    const answer = await inApp(
      application(),
      `const optional = ${JSON.stringify(Object.keys(manifest.peerDependencies))};
       const found = optional.filter((name) => { try { require.resolve(name); return true; } catch { return false; } });
       const imported = await import('${manifest.name}${subpath}');
       const required = require('./node_modules/${manifest.name}/dist/cjs${subpath}/index.js');
       console.log(JSON.stringify({ found, loaded: Object.keys(imported).length === Object.keys(required).length }));`,
    );
    expect(answer).toEqual({ found: needed, loaded: true });
  });

  it('is told by name what /nest needs', async () => {
    const answer = await inApp(
      lean,
      `const failed = await import('${manifest.name}/nest').catch((error) => error);
       console.log(JSON.stringify([failed.code, failed.message]));`,
    );
    expect(answer).toEqual([
      'ERR_MODULE_NOT_FOUND',
      expect.stringMatching(/reflect-metadata|@nestjs/),
    ]);
  });
});

/** Prints each file that a module is resolved to. The hook runs on a thread of its own. */
const LOG_HOOK = `
  import { appendFileSync } from 'node:fs';
  let log;
  export async function initialize(data) { log = data; }
  export async function resolve(specifier, context, next) {
    const resolved = await next(specifier, context);
    appendFileSync(log, resolved.url + '\\n');
    return resolved;
  }`;

interface Loaded {
  readonly esm: readonly string[];
  readonly cjs: readonly string[];
}

const loaded = new Map<string, Promise<Loaded>>();

function filesLoadedBy(subpath: string): Promise<Loaded> {
  const known = loaded.get(subpath) ?? watchLoading(subpath);
  loaded.set(subpath, known);
  return known;
}

async function watchLoading(subpath: string): Promise<Loaded> {
  const name = subpath.replace(/\W/g, '-');
  const log = join(whole, `loaded-${name}.log`);
  const hook = join(whole, `hook-${name}.mjs`);
  const register = join(whole, `register-${name}.mjs`);
  writeFileSync(log, '');
  writeFileSync(hook, LOG_HOOK);
  writeFileSync(
    register,
    `import { register } from 'node:module';
     register('./hook-${name}.mjs', import.meta.url, { data: ${JSON.stringify(log)} });`,
  );
  await inApp(whole, `await import('${subpath}'); console.log('null');`, ['--import', register]);
  const folder = subpath === manifest.name ? '' : subpath.slice(manifest.name.length);
  const cjs = await inApp(
    whole,
    `require('./node_modules/${manifest.name}/dist/cjs${folder}/index.js');
     console.log(JSON.stringify(Object.keys(require.cache)));`,
  );
  return { esm: readFileSync(log, 'utf8').split('\n'), cjs: cjs as string[] };
}

describe('what is loaded', () => {
  it.each(subpaths.filter((name) => !name.endsWith('/emulator')))(
    'by %s is never the emulator',
    async (subpath) => {
      const { esm, cjs } = await filesLoadedBy(subpath);
      for (const files of [esm, cjs]) {
        const ours = files.filter((file) => file.includes(`${manifest.name}/dist`));
        expect(ours.length).toBeGreaterThan(1);
        expect(ours.filter((file) => file.includes('/emulator/'))).toEqual([]);
        expect(files.filter((file) => file.includes('json-logic'))).toEqual([]);
      }
    },
  );

  it.each([
    ['', /@nestjs|express|fastify|class-validator|class-transformer|rxjs|reflect-metadata/],
    ['/testing', /@nestjs|express|fastify|class-validator|class-transformer|rxjs|reflect-metadata/],
    ['/redis', /(?!authsignal-guard$).+/],
    ['/opentelemetry', /(?!(authsignal-guard|@opentelemetry\/api)$).+/],
    ['/swagger', /@nestjs|express|fastify|class-validator|class-transformer|rxjs|reflect-metadata/],
    ['/browser', /(?!authsignal-guard$).+/],
    ['/express', /@nestjs|fastify|class-validator|class-transformer|rxjs|reflect-metadata/],
    ['/nest', /express|fastify/],
  ])(
    'by authsignal-guard%s is no framework of others, and no validator before it is needed',
    async (subpath, foreign) => {
      const { esm, cjs } = await filesLoadedBy(manifest.name + subpath);
      const packages = [...esm, ...cjs].map(
        (file) => /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '',
      );
      const found = packages.filter((name) => new RegExp(`^(${foreign.source})($|/)`).test(name));
      expect(found).toEqual([]);
    },
  );

  it('in a browser is nothing of the server', async () => {
    const { esm, cjs } = await filesLoadedBy(`${manifest.name}/browser`);
    for (const files of [esm, cjs]) {
      const ours = files.filter((file) => file.includes(`${manifest.name}/dist`));
      expect(ours.length).toBeGreaterThan(1);
      const shared = ours.filter((file) => !/\/dist\/(esm|cjs)\/browser\//.test(file));
      // The names on the wire, which both sides speak.
      expect(shared.filter((file) => !file.endsWith('/core/wire.js'))).toEqual([]);
      for (const file of ours) {
        const code = readFileSync(file.replace('file://', ''), 'utf8');
        expect(code).not.toMatch(/\bnode:|\bprocess\b|\bBuffer\b|\brequire\("[^.]/);
      }
    }
  });

  it('by the emulator is nothing of the gate', async () => {
    const { esm, cjs } = await filesLoadedBy(`${manifest.name}/emulator`);
    for (const files of [esm, cjs]) {
      const ours = files.filter((file) => file.includes(`${manifest.name}/dist`));
      expect(ours.filter((file) => !file.includes('/emulator/'))).toEqual([]);
    }
  });
});

describe('the command authsignal-emulator', () => {
  it('starts on a port of the system and stops when it is told to', async () => {
    const file = join(lean, 'node_modules', manifest.name, manifest.bin['authsignal-emulator']);
    expect(readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
    const child = spawn(process.execPath, [file, '--port', '0'], { cwd: lean });
    let output = '';
    const started = new Promise<string>((resolved, rejected) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        const [, url] = /url\s+(http:\S+)/.exec(output) ?? [];
        if (url !== undefined) {
          resolved(url);
        }
      });
      child.once('exit', () => rejected(new Error(`It ended early: ${output}`)));
    });
    const ended = new Promise<number | null>((resolved) => {
      child.once('exit', (code) => resolved(code));
    });
    const url = await started;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect((await fetch(`${url}/users/alice`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output).toMatch(/Stopped\.\n$/);
  });
});
