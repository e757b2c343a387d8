import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { installIfMissing } from './debian-package.js';

/** How long a suite may wait for {@link startChromium}, should it have to be installed. */
export const CHROMIUM_START_MS = 300_000;

/** A real Chromium without a window. It asks nobody but loopback. `CHROMIUM` names another one than Debian's. */
export async function startChromium(): Promise<Browser> {
  const { CHROMIUM } = process.env;
  if (CHROMIUM === undefined) {
    installIfMissing('chromium', 'chromium');
  }
  return chromium.launch({
    executablePath: CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

const SCREENSHOTS = resolve(import.meta.dirname, '../../reports/screenshots');

/** Keeps a picture of the page in `reports/screenshots`: all of it, or what a screen shows under an open dialog. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const isCovered = (await page.locator('dialog[open], [aria-modal=true]').count()) > 0;
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: !isCovered });
}

/** What axe-core finds on the page as it is now and calls serious or critical, a line each. */
export async function barriersOn(page: Page | Frame): Promise<readonly string[]> {
  // Not a script tag: the page's own policy may forbid those.
  await page.evaluate(`${axe.source}; undefined`);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}
