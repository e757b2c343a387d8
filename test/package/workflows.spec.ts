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

describe.each(workflows)('the workflow $name', ({ text }) => {
  it('names each action by its commit, and says which version that is', () => {
    const actions = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) {
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
    const jobs = text.slice(text.indexOf('\njobs:\n')).match(/^ {2}[\w-]+:$/gm) ?? [];
    expect(text.match(/^ {4}timeout-minutes: \d+$/gm)).toHaveLength(jobs.length);
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
