import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { StartBank } from '../../../sample-app/server/running-bank.js';
import type { BankPage, Place } from '../../support/bank-page.js';
import { CHROMIUM_START_MS, startChromium } from '../../support/chromium.js';
import { type Enrolled, PageStage } from './page-stage.js';

/** Those who come to a bank of their own and enter codes in one place. */
export interface Visitors {
  stage(): PageStage;
  open(): Promise<BankPage>;
  openEnrolled(): Promise<Enrolled>;
}

/** Sets the stage for the tests of a `describe`, and looks at the books after each of them. */
export function visitorsOf(start: StartBank, place: Place): Visitors {
  let browser: Browser | undefined;
  let current: PageStage | undefined;
  const stage = (): PageStage => {
    if (current === undefined) throw new Error('The stage is not set yet.');
    return current;
  };
  beforeAll(async () => {
    browser = await startChromium();
    current = await PageStage.set(browser, start);
  }, CHROMIUM_START_MS);
  afterEach(() => stage().clear());
  afterAll(async () => {
    await browser?.close();
    await current?.stop();
  });
  return {
    stage,
    open: async () => {
      const page = await stage().open();
      await page.confirmIn(place);
      return page;
    },
    openEnrolled: async () => {
      const enrolled = await stage().openEnrolled();
      await enrolled.page.confirmIn(place);
      return enrolled;
    },
  };
}
