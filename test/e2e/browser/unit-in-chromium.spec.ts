import { describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startChromium } from '../../support/chromium.js';
import { bundleForBrowser } from '../../support/in-browser/bundle.js';
import { declaredTests } from '../../support/in-browser/declared-tests.js';
import { startPageHost } from '../../support/in-browser/page-host.js';
import type { Outcome } from '../../support/in-browser/runner.js';

/** The unit tests that need nothing but what a page has. */
const FILES = ['test/unit/browser/step-up-fetch.spec.ts', 'test/unit/browser/challenges.spec.ts'];

interface PageRun {
  readonly outcomes: readonly Outcome[];
  /** What nobody caught, on the page. */
  readonly uncaught: readonly string[];
}

async function runOnPage(browser: Browser, address: string): Promise<PageRun> {
  const page = await browser.newPage();
  const uncaught: string[] = [];
  page.on('pageerror', (error) => uncaught.push(error.stack ?? error.message));
  await page.goto(address);
  const outcomes = (await page.evaluate('globalThis.outcomes')) as Outcome[] | undefined;
  await page.close();
  if (outcomes === undefined) {
    throw new Error(`The page could not begin: ${uncaught.join('\n')}`);
  }
  return { outcomes, uncaught };
}

async function runInChromium(): Promise<readonly PageRun[]> {
  const scripts = new Map<string, string>();
  for (const [index, file] of FILES.entries()) {
    const start = 'Object.assign(globalThis, { outcomes: run() });';
    const source = `import './${file}'; import { run } from '@jest/globals'; ${start}`;
    scripts.set(String(index), await bundleForBrowser(source));
  }
  const host = await startPageHost(scripts);
  const browser = await startChromium();
  try {
    const pages = FILES.map((_file, index) => runOnPage(browser, `${host.origin}${index}`));
    return await Promise.all(pages);
  } finally {
    await browser.close();
    await host.close();
  }
}

// Here and not in `beforeAll`: Jest takes the names of tests only while the file is loaded.
const [runs, expected] = await Promise.all([runInChromium(), declaredTests(FILES)]);

describe.each(FILES.map((file, index) => [file, runs[index] as PageRun] as const))(
  'in Chromium, %s',
  (file, { outcomes, uncaught }) => {
    const names = expected.get(file) ?? [];

    it('declares the tests that it declares to Jest', () => {
      expect(names.length).toBeGreaterThan(20);
      expect(new Set(names).size).toBe(names.length);
      expect(outcomes.map(({ name }) => name)).toEqual(names);
    });

    it('leaves no error uncaught', () => {
      expect(uncaught).toEqual([]);
    });

    it.each(names)('%s', (name) => {
      const outcome = outcomes.find((each) => each.name === name);
      expect(outcome).toEqual({ name });
    });
  },
);
