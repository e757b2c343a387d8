import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { minifySync, transformSync } from '@swc/core';

const LIMIT = 3 * 1024;
const index = readFileSync('src/browser/index.ts', 'utf8');

/** One file of the bundle, in the scope that all of them share. */
function joined(file: string): string {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    isModule: true,
  });
  return code
    .replaceAll(/^import .*?;$/gms, '')
    .replaceAll(/^export \{ *\};?$/gm, '')
    .replaceAll(/^(.*\*\/ )?export /gm, '$1');
}

/** What a bundler makes of an application that uses everything. */
function bundle(): string {
  const files = readdirSync('src/browser').filter((name) => name !== 'index.ts');
  const exported = [...index.matchAll(/^export \{(.*?)\}/gms)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
  const scope = ['src/core/wire.ts', ...files.map((name) => `src/browser/${name}`)].map(joined);
  return minifySync(`${scope.join('\n')}\nexport { ${exported.join(', ')} };`, {
    module: true,
    compress: true,
    mangle: { toplevel: true },
  }).code;
}

describe('authsignal-guard/browser', () => {
  it('weighs less than 3 KB, minified and zipped, with all its challenges', () => {
    const code = bundle();
    const size = gzipSync(code, { level: 9 }).length;
    process.stdout.write(`authsignal-guard/browser: ${size} bytes of at most ${LIMIT}\n`);
    expect(size).toBeLessThan(LIMIT);
    for (const part of [
      'ERR_STEP_UP_LOOP',
      'replaceState',
      'popup',
      'verify',
      'step_up_required',
    ]) {
      expect(code).toContain(part);
    }
    expect(code).not.toContain('import');
    // Nothing but what is used: a bundler leaves the rest of core/wire.ts out.
    expect(code).not.toContain('otp_send_limited');
  });
});
