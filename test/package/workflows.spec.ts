import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const FOLDER = '.github/workflows';
const workflows = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(join(FOLDER, name), 'utf8'),
}));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

/** The steps of a workflow, each with the lines that belong to it. */
function stepsOf(text: string): readonly string[] {
  return text.split(/^ {6}- /m).slice(1);
}

/** A workflow of this repository is called as it is in the same commit. */
function isOfThisRepository(used: string): boolean {
  return workflows.some(({ name }) => used === `./${FOLDER}/${name}`);
}

/** The jobs of a workflow by name, each with its lines. */
function jobsOf(text: string): ReadonlyMap<string, string> {
  const [, jobs = ''] = text.split(/^jobs:\n/m);
  const parts = jobs.split(/^ {2}([\w-]+):\n/m).slice(1);
  return new Map(
    parts.flatMap((name, at) => (at % 2 === 0 ? [[name, parts[at + 1] ?? ''] as const] : [])),
  );
}

describe.each(workflows)('the workflow $name', ({ text }) => {
  it('names each action by its commit, and says which version that is', () => {
    const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used.filter((each) => !isOfThisRepository(each))) {
      expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('may read the contents by default, and nothing else', () => {
    expect(/^permissions:\n((?: {2}.*\n)+)/m.exec(text)?.[1]).toBe('  contents: read\n');
  });

  it('leaves no credentials in a checkout', () => {
    const checkouts = stepsOf(text).filter((step) => step.includes('actions/checkout'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const step of checkouts) {
      expect(step).toContain('persist-credentials: false');
    }
  });

  it('lets nothing that others write into a script', () => {
    for (const step of stepsOf(text).filter((each) => each.includes('run:'))) {
      const [, script = ''] = /run:(.*?)(?=^ {8}\w|(?![\s\S]))/ms.exec(step) ?? [];
      expect(script).not.toContain('${{');
    }
  });

  it('ends by itself', () => {
    const jobs = [...jobsOf(text).values()];
    expect(jobs.length).toBeGreaterThan(0);
    for (const job of jobs.filter((each) => !/^ {4}uses: /m.test(each))) {
      expect(job).toMatch(/^ {4}timeout-minutes: \d+$/m);
    }
  });
});

describe('the workflows', () => {
  const [, oldest] = /^>=(\d+\.\d+)\.0$/.exec(manifest.engines.node) ?? [];

  it('try the oldest Node that the package takes, and each even one since', () => {
    const { text = '' } = workflows.find(({ name }) => name === 'ci.yml') ?? {};
    const tried = [...text.matchAll(/^\s+node: (\[.*\])$/gm)].map(([, list = '']) => list);
    expect(tried.length).toBeGreaterThan(0);
    for (const list of tried) {
      expect(list).toBe(`['${oldest}', '22', '24']`);
    }
  });

  it('ask for an identity in one job alone: the one that publishes', () => {
    const asking = workflows.filter(({ text }) => text.includes('id-token'));
    expect(asking.map(({ name }) => name)).toEqual(['release.yml']);
    const [{ text = '' } = {}] = asking;
    expect(text.split('id-token: write')).toHaveLength(2);
    expect(text.slice(text.indexOf('\n  publish:'))).toMatch(
      /id-token: write[\s\S]*npm publish --provenance/,
    );
  });

  it('publish nothing that has not passed all tests and the whole compatibility matrix', () => {
    const textOf = (wanted: string) => workflows.find(({ name }) => name === wanted)?.text ?? '';
    const release = jobsOf(textOf('release.yml'));
    expect(release.get('publish')).toMatch(/^ {4}needs: \[tag, ci\]$/m);
    expect(release.get('ci')).toMatch(/^ {4}uses: \.\/\.github\/workflows\/ci\.yml$/m);

    const ci = textOf('ci.yml');
    expect(ci).toMatch(/^ {2}workflow_call:/m);
    expect([...jobsOf(ci).keys()]).toEqual(['test', 'compatibility']);
    expect(jobsOf(ci).get('test')).toContain('- run: npm test\n');
    expect(jobsOf(ci).get('compatibility')).toContain(
      '- run: npm run compatibility -- "$PROJECT"\n',
    );
    const conditions = [...release.values(), ...jobsOf(ci).values()].join('');
    expect(conditions).not.toMatch(/continue-on-error|exclude:|^ {4}if:/m);
  });

  it('try every project of the compatibility script', async () => {
    const path = '../../scripts/compatibility/consumers.mjs';
    const { CONSUMERS }: { CONSUMERS: readonly { readonly name: string }[] } = await import(path);
    const { text = '' } = workflows.find(({ name }) => name === 'ci.yml') ?? {};
    const [, projects = ''] = /^\s+project: \[(.*)\]$/m.exec(text) ?? [];
    expect(projects.split(', ')).toEqual(CONSUMERS.map(({ name }) => name));
  });
});

describe('the changelog', () => {
  it('tells of the version that the manifest has', () => {
    const headings = readFileSync('CHANGELOG.md', 'utf8').match(/^## .*$/gm);
    expect(headings?.[0]).toBe(`## ${manifest.version}`);
  });
});
