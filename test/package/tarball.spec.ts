import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(240_000);

const run = promisify(execFile);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the tarball', () => {
  it('holds what is built, the pages and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ files }] = JSON.parse(stdout);
    const paths = files.map(({ path }: { path: string }) => path);
    const expected =
      /^(dist\/(esm|cjs)\/|docs\/|(LICENSE|README\.md|CHANGELOG\.md|package\.json)$)/;
    expect(paths.filter((path: string) => !expected.test(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    for (const bin of Object.values<string>(manifest.bin)) {
      expect(paths).toContain(bin.replace('./', ''));
    }
  });
});

describe('the checkers of packages', () => {
  it('publint --strict finds nothing', async () => {
    const { stdout } = await run('node_modules/.bin/publint', ['--strict']);
    expect(stdout).toContain('All good!');
  });

  it('attw finds the right types for every way to resolve them', async () => {
    const { stdout } = await run('node_modules/.bin/attw', [
      '--pack',
      '.',
      '--no-emoji',
      '--format',
      'json',
    ]);
    const { problems, analysis } = JSON.parse(stdout);
    expect(problems ?? {}).toEqual({});
    expect(Object.keys(analysis.entrypoints).toSorted()).toEqual(
      Object.keys(manifest.exports).toSorted(),
    );
    expect(analysis.problems).toEqual([]);
  });
});
