import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  barriersOn,
  CHROMIUM_START_MS,
  keepPicture,
  startChromium,
} from '../../support/chromium.js';
import { BuiltSample } from './built-sample.js';

jest.setTimeout(240_000);

const PATIENCE_MS = 20_000;

const CUT_OFF = `[...document.querySelectorAll('#actions .by .clip')]
  .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
  .map(({ textContent }) => textContent)`;

let browser: Browser;
let profile: BrowserContext;
let app: BuiltSample;

beforeAll(async () => {
  browser = await startChromium();
}, CHROMIUM_START_MS);
afterAll(() => browser.close());
afterEach(async () => {
  await profile.close();
  app.child.kill('SIGTERM');
  await app.ended;
});

/** Somebody who has read nothing but what `npm start` prints and what the pages say. */
class Newcomer {
  readonly bank: Page;
  readonly complaints: string[] = [];
  #window: Page | undefined;

  constructor(bank: Page) {
    this.bank = bank;
    this.#listen(bank);
  }

  see(text: string | RegExp): Promise<void> {
    return this.bank.getByText(text).locator('visible=true').first().waitFor();
  }

  async press(name: string | RegExp): Promise<void> {
    await this.bank.getByRole('button', { name }).click();
  }

  async fill(label: string, text: string): Promise<void> {
    await this.bank.getByLabel(label, { exact: true }).fill(text);
  }

  async follow(name: string): Promise<void> {
    await this.bank.getByRole('link', { name }).click();
  }

  /** The demo's own link to where codes arrive; a tab of its own, which stays open. */
  async openWindow(): Promise<Page> {
    const opened = this.bank.context().waitForEvent('page');
    await this.bank.getByRole('link', { name: 'the emulator’s window' }).first().click();
    this.#window = await opened;
    this.#window.setDefaultTimeout(PATIENCE_MS);
    this.#listen(this.#window);
    return this.#window;
  }

  /** Of the newest message that the phone in the window shows, once its code is another one than `before`. */
  async readCode(before = ''): Promise<string> {
    if (this.#window === undefined) throw new Error('The window is not open.');
    await this.#window.bringToFront();
    const newest = this.#window.getByRole('list', { name: /^Messages to/ }).getByRole('listitem');
    const fresh = newest.filter({ hasText: 'good until' }).filter({ hasNotText: before || /^$/ });
    const words = await fresh.last().innerText();
    await this.bank.bringToFront();
    return /\b\d{6}\b/.exec(words)?.[0] ?? '';
  }

  async enter(code: string): Promise<void> {
    await this.bank.getByRole('dialog').getByLabel('Code', { exact: true }).fill(code);
    await this.press('Confirm');
  }

  async keep(name: string): Promise<void> {
    await keepPicture(this.bank, `newcomer-${name}`);
    expect(await barriersOn(this.bank)).toEqual([]);
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
  }
}

/** As `npm start` does once all is built, with the library's own limits; opens what is printed. */
async function arrive(framework: 'nest' | 'express'): Promise<Newcomer> {
  app = new BuiltSample(framework);
  const address = await app.printed(/The bank +(http:\S+) /);
  profile = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    reducedMotion: 'reduce',
  });
  profile.setDefaultTimeout(PATIENCE_MS);
  const page = await profile.newPage();
  await page.goto(address);
  return new Newcomer(page);
}

describe.each(['nest', 'express'] as const)('a newcomer to the built %s app', (framework) => {
  it('signs in by a phone number, sets it up, pays 20 and then 2,000 with a code from the window', async () => {
    const newcomer = await arrive(framework);
    const window = await newcomer.openWindow();
    await newcomer.bank.bringToFront();
    await newcomer.fill('Phone number', '021 555 0123');
    await newcomer.press('Send me a code');
    await newcomer.see('We sent a code to');
    const first = await newcomer.readCode();
    await newcomer.enter(first);

    await newcomer.see('Before you can pay, we need a number for codes.');
    await newcomer.keep(`${framework}-signed-in`);
    await newcomer.follow('Set up your number');
    await newcomer.press('Send codes to this number');
    await newcomer.see('Keep these recovery codes');
    await newcomer.press('I have kept them');
    await newcomer.see('Done. You can pay with codes to this number.');

    await newcomer.follow('Pay');
    await newcomer.press(/NZD 20\.00 to Corner Cafe/);
    await newcomer.press('Pay');
    await newcomer.see('Paid NZD 20.00 to Corner Cafe. No code was needed.');
    await newcomer.press(/NZD 2,000\.00 to City Power/);
    await newcomer.press('Pay');
    await newcomer.see('Confirm your payment');
    await newcomer.keep(`${framework}-code`);
    const second = await newcomer.readCode(first);
    await keepPicture(window, `newcomer-${framework}-window`);
    // Whose action it is can be read in full.
    expect(await window.evaluate(CUT_OFF)).toEqual([]);
    await newcomer.enter(second);
    await newcomer.see('Paid NZD 2,000.00 to City Power. You confirmed it with a code.');
    await newcomer.keep(`${framework}-paid`);

    await newcomer.follow('History');
    await newcomer.see('Confirmed by code');
    await newcomer.see('Passed by the rules');
    expect(await newcomer.bank.locator('#payments li').count()).toBe(2);
    expect(newcomer.complaints).toEqual([]);
  });
});
