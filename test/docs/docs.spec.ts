import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { CONFIGURATION_CODES } from '../../src/core/errors.js';
import { REFUSAL_CODES } from '../../src/core/wire.js';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
/** Those without code of the package's users. */
const MORE_PAGES = ['CONTRIBUTING.md', 'SECURITY.md', 'sample-app/README.md'];
const text = (page: string): string => readFileSync(join(root, page), 'utf8');

interface Block {
  readonly file: string;
  readonly code: string;
}

function blocksOf(page: string): readonly Block[] {
  return [...text(page).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ''], index) => ({
    file: join(root, 'test/docs', `${page.replaceAll(/\W/g, '-')}-${index}.ts`),
    code: moduleOf(code),
  }));
}

/** A block that starts with a decorator shows a method; it stands in a class of the reader's. */
function moduleOf(code: string): string {
  return code.startsWith('@')
    ? `import { Post } from '@nestjs/common';\nimport { RequireAction } from 'authsignal-guard/nest';\nexport class Example {\n${code}}\n`
    : `${code}\nexport {};\n`;
}

function diagnose(blocks: readonly Block[]): readonly string[] {
  const sources = new Map(blocks.map(({ file, code }) => [file, code]));
  const { config } = ts.readConfigFile(join(root, 'test/tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, join(root, 'test'));
  const settings = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...rest) => {
    const source = sources.get(file);
    return source === undefined
      ? getSourceFile(file, language, ...rest)
      : ts.createSourceFile(file, source, language);
  };
  const program = ts.createProgram([...sources.keys()], settings, host);
  return [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

interface Link {
  readonly page: string;
  readonly file: string;
  readonly anchor: string | undefined;
}

function linksOf(page: string): readonly Link[] {
  return [...prose(text(page)).matchAll(/\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]*))?\)/g)].map(
    ([, to = '', anchor]) => ({
      page,
      file: to === '' ? join(root, page) : resolve(root, page, '..', to),
      anchor,
    }),
  );
}

const prose = (markdown: string): string => markdown.replace(/^ *```.*?^ *```$/gms, '');

function isBroken({ file, anchor }: Link): boolean {
  if (!existsSync(file)) {
    return true;
  }
  return anchor !== undefined && !(file.endsWith('.md') && anchorsOf(file).includes(anchor));
}

/** As GitHub names headings, as long as no page has two of one name. */
function anchorsOf(file: string): readonly string[] {
  return [...prose(readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages', () => {
  const blocks = pages.flatMap(blocksOf);

  it('have code in the README for Nest, Express, handlers and tests', () => {
    expect(blocks.filter(({ file }) => file.includes('README')).length).toBeGreaterThanOrEqual(5);
  });

  it('have code that compiles', () => {
    expect(diagnose(blocks)).toEqual([]);
  }, 240_000);

  it('would tell code that does not', () => {
    const file = join(root, 'test/docs/wrong.ts');
    const code =
      "import { createStepUpGate } from 'authsignal-guard';\ncreateStepUpGate({ no: 1 });\n";
    expect(diagnose([{ file, code }])).toHaveLength(1);
  }, 240_000);

  it('have one heading for each code', () => {
    const headings = [...text('docs/errors.md').matchAll(/^## (\S+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual([...REFUSAL_CODES, ...CONFIGURATION_CODES]);
  });

  it('name tests that exist beside each threat', () => {
    const [, table = ''] = text('docs/security.md').split('## Threats, measures, tests');
    const named = [...table.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
    const rows = table.split('\n').filter((line) => /^\| (?!threat|---)/.test(line));
    expect(rows.length).toBeGreaterThan(12);
    expect(rows.filter((row) => !row.includes('`test/'))).toEqual([]);
    expect(named.filter((file) => !ts.sys.fileExists(join(root, file)))).toEqual([]);
  });

  it('link to files and headings that exist', () => {
    const links = [...pages, ...MORE_PAGES].flatMap(linksOf);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ anchor }) => anchor !== undefined).length).toBeGreaterThan(20);
    expect(links.filter(isBroken)).toEqual([]);
  });

  it('would tell a link to what does not exist', () => {
    const page = 'README.md';
    const wrong = [
      { page, file: join(root, 'docs/no.md'), anchor: undefined },
      { page, file: join(root, 'docs/errors.md'), anchor: 'no' },
      { page, file: join(root, 'LICENSE'), anchor: 'mit' },
    ];
    expect(wrong.filter(isBroken)).toEqual(wrong);
  });
});
