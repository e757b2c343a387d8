import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'docs/testing.md';

/** Writes what the page tells users of Vitest: the test of a Nest application and its settings. */
export function writeDocumentedTest(project) {
  const [, section = ''] = readFileSync(PAGE, 'utf8').split(/^### Nest: .*$/m);
  const test = firstBlock(section, 'ts');
  const [jest] = test.split('\n');
  const vitest = /^With Vitest[^`]*`(import [^`]*)`/m.exec(section)?.[1];
  if (!jest.endsWith("'@jest/globals';") || vitest === undefined) {
    throw new Error(`${PAGE} no longer tells which line is another one with Vitest.`);
  }
  writeFileSync(join(project, 'documented.spec.ts'), test.replace(jest, vitest));
  writeFileSync(join(project, 'tsconfig.json'), firstBlock(section, 'json'));
}

function firstBlock(text, language) {
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(text)?.[1];
  if (block === undefined) {
    throw new Error(`${PAGE} has lost its block of ${language}.`);
  }
  return block;
}
