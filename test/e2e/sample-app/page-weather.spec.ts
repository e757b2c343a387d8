import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import type { BankPage } from '../../support/bank-page.js';
import { CHROMIUM_START_MS, startChromium } from '../../support/chromium.js';
import { Deferred } from '../../support/deferred.js';
import { look, lookIntoPopup, PageStage } from './page-stage.js';

jest.setTimeout(240_000);

const MINUTE = 60_000;
const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
const SMALL_PAID = 'Corner Cafe 20.00 rules';
const LARGE_PAID = 'Power Company 2000.00 challenge';

let browser: Browser;
let stage: PageStage;

beforeAll(async () => {
  browser = await startChromium();
  stage = await PageStage.set(browser, startNestBank);
}, CHROMIUM_START_MS);
afterAll(async () => {
  await browser.close();
  await stage.stop();
});
afterEach(() => stage.clear());

/** Holds requests to this address until `let go` is called. */
async function hold(page: Page, address: string): Promise<() => void> {
  const released = new Deferred<void>();
  await page.route(address, async (route) => {
    await released.promise;
    await route.continue();
  });
  return () => released.resolve();
}

const notConfirmed = (page: BankPage): Promise<void> =>
  page.result().getByText('Nothing was paid. You did not confirm it.').waitFor();

async function enterWrongCodes(page: BankPage, number: string, count: number): Promise<void> {
  for (let wrong = 0; wrong < count; wrong += 1) {
    await page.enterWrongCode(number);
    await page.dialog().getByText('That code is wrong or has expired.').waitFor();
  }
}

const paysLarge = async (page: BankPage): Promise<void> => {
  await page.result().getByText('Paid NZD 2,000.00').waitFor();
  stage.due.push(LARGE_PAID);
};

describe('who does not confirm pays nothing', () => {
  it.each([
    ['its Cancel', (page: BankPage) => page.popup.button('Cancel').click()],
    ['Escape inside of it', (page: BankPage) => page.popup.codeInput().press('Escape')],
    ['a click beside it', (page: BankPage) => page.popup.pressBeside()],
    ['the back button', (page: BankPage) => page.page.goBack()],
  ])('in the popup, by %s, and finds what was entered', async (_name, cancel) => {
    const { page } = await stage.openEnrolled();
    await page.confirmIn('popup');
    await page.pay(LARGE);
    await page.popup.codeInput().waitFor();
    await cancel(page);
    await notConfirmed(page);
    await page.popup.gone();
    expect(await page.heading().textContent()).toBe('Pay somebody');
    expect(await page.page.getByLabel('Amount').inputValue()).toBe(LARGE.amount);
    expect(await page.focused().textContent()).toBe('Pay');
    await page.turnTo('History');
    await page.page.goBack();
    expect(await page.heading().textContent()).toBe('Pay somebody');
  });

  it('while the code is being checked, although it was right', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.pay(LARGE);
    await page.stepUpShown();
    const letGo = await hold(page.page, '**/verify/whatsapp');
    const answered = page.page.waitForResponse('**/verify/whatsapp');
    await page.enterCodeOf(number);
    await page.dialog().getByText('Checking').waitFor();
    await look(page, 'checking');
    await page.button('Cancel').click();
    await notConfirmed(page);
    letGo();
    await answered;
    expect(await page.payments()).toEqual([]);
  });

  it('is signed in by a code that was being checked no longer than it takes to sign out', async () => {
    const number = stage.freshNumber();
    const page = await stage.open();
    await page.askForCodeTo(number);
    await page.codeInput().waitFor();
    const letGo = await hold(page.page, '**/whatsapp/sign-in/verify');
    const signedOut = page.page.waitForResponse('**/logout');
    await page.enterCodeOf(number);
    await page.dialog().getByText('Checking').waitFor();
    await page.button('Cancel').click();
    letGo();
    expect((await signedOut).status()).toBe(204);
    await page.page.locator('#phone-form[aria-busy=false]').waitFor();
    expect(await page.heading().textContent()).toBe('Sign in');
    await page.page.reload();
    expect(await page.heading().textContent()).toBe('Sign in');
  });

  it('is told that the number was changed by a code that was being checked', async () => {
    const { page, number } = await stage.openEnrolled();
    const next = stage.freshNumber();
    await page.turnTo('Your number');
    await page.askForCodeTo(next);
    await page.enterCodeOf(number);
    await page.dialog().getByText('Confirm your new number').waitFor();
    const letGo = await hold(page.page, '**/whatsapp/phone-number/verify');
    await page.enterCodeOf(next);
    await page.dialog().getByText('Checking').waitFor();
    await page.button('Cancel').click();
    letGo();
    await page.result().getByText('It was too late to cancel').waitFor();
    expect(await page.page.locator('#current-number').textContent()).toContain(next.slice(-4));
  });

  it('nor signs in, nor changes the number, and may go on later', async () => {
    const number = stage.freshNumber();
    const next = stage.freshNumber();
    const page = await stage.open();
    await page.askForCodeTo(number);
    await page.codeInput().waitFor();
    await page.page.keyboard.press('Escape');
    await page.page.getByText('We sent a code to').locator('visible=true').waitFor();
    await look(page, 'unfinished');
    await page.button('Enter it').click();
    await page.enterCodeOf(number);
    await page.enrollVerified();
    await page.turnTo('Your number');
    await page.askForCodeTo(next);
    await page.enterCodeOf(number);
    await page.dialog().getByText('Confirm your new number').waitFor();
    await page.button('Cancel').click();
    const current = page.page.locator('#current-number');
    expect(await current.textContent()).toContain(number.slice(-4));
    await page.button('Enter it').click();
    await page.enterCodeOf(next);
    await page.result().getByText('Done.').waitFor();
    expect(await current.textContent()).toContain(next.slice(-4));
  });
});

describe('a code that does not count', () => {
  it('is told in the popup, and the right one counts', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.confirmIn('popup');
    await page.pay(LARGE);
    await page.popup.enterWrongCode(number);
    await page.popup.ui().getByText('That code is not right').waitFor();
    await lookIntoPopup(page, 'wrong-code');
    expect(stage.paid()).toEqual([]);
    await page.popup.enterCodeOf(number);
    await paysLarge(page);
  });

  it('is told at the sign-in, and after five of them it begins anew', async () => {
    const number = stage.freshNumber();
    const page = await stage.open();
    await page.askForCodeTo(number);
    await enterWrongCodes(page, number, 5);
    await page.enterWrongCode(number);
    await page.dialog().getByText('Too many wrong codes. Please start again later.').waitFor();
    await look(page, 'too-many-codes');
    await page.button('Close').click();
    await page.dialog().waitFor({ state: 'hidden' });
    expect(await page.button('Enter it').isVisible()).toBe(false);
    await page.signInByPhone(number);
  });

  it('ends a payment’s code after ten of them, and another one can be sent', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.page.clock.install();
    // Authsignal lets ten codes a number be tried in five minutes.
    stage.emulator.clock.set(Date.now() - 6 * MINUTE);
    await page.pay(LARGE);
    await enterWrongCodes(page, number, 5);
    stage.emulator.clock.reset();
    await enterWrongCodes(page, number, 4);
    const dead = await stage.emulator.inbox.waitForCode(number);
    await page.enterWrongCode(number);
    await page.dialog().getByText('Too many wrong codes. Have another one sent.').waitFor();
    await look(page, 'attempts-exceeded');
    await page.page.clock.runFor(31_000);
    await page.button('Send again').click();
    await page.dialog().getByText('A new code is on its way.').waitFor();
    const fresh = await stage.emulator.inbox.waitForCode(number);
    if (fresh !== dead) {
      await page.enterCode(dead);
      await page.dialog().getByText('That code is wrong or has expired.').waitFor();
    }
    await page.enterCode(fresh);
    await paysLarge(page);
  });

  it('is the one before, once another was sent; when that may be done is counted down', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.page.clock.install();
    await page.pay(LARGE);
    await page.stepUpShown();
    const old = await stage.emulator.inbox.waitForCode(number);
    const again = page.button(/^Send again/);
    await again.filter({ hasText: /^Send again in (30|29) s$/ }).waitFor();
    expect(await again.isDisabled()).toBe(true);
    await page.page.clock.runFor(20_000);
    await again.filter({ hasText: /^Send again in (10|9) s$/ }).waitFor();
    await page.page.clock.runFor(11_000);
    await page.button(/^Send again$/).click();
    await page.dialog().getByText('A new code is on its way.').waitFor();
    await again.filter({ hasText: /in (30|29) s/ }).waitFor();
    await look(page, 'resent');
    const fresh = await stage.emulator.inbox.waitForCode(number);
    if (old !== fresh) {
      await page.enterCode(old);
      await page.dialog().getByText('That code is wrong or has expired.').waitFor();
    }
    await page.enterCode(fresh);
    await paysLarge(page);
  });

  it('came too late: the time for it is over at Authsignal', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.pay(LARGE);
    await page.stepUpShown();
    stage.emulator.clock.advance(11 * MINUTE);
    await page.enterCodeOf(number);
    await page.result().getByText('Nothing was paid. The time to confirm is over.').waitFor();
    stage.emulator.clock.reset();
    await page.button('Pay').click();
    await page.enterCodeOf(number);
    await paysLarge(page);
  });

  it('came too late in the popup', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.confirmIn('popup');
    await page.pay(LARGE);
    await page.popup.codeInput().waitFor();
    stage.emulator.clock.advance(11 * MINUTE);
    await page.popup.enterCode(await stage.emulator.inbox.waitForCode(number));
    await page.popup.ui().getByRole('heading', { name: 'This page has expired' }).waitFor();
    await lookIntoPopup(page, 'expired');
    await page.popup.button('Close').click();
    await page.result().getByText('Nothing was paid. The time to confirm is over.').waitFor();
    stage.emulator.clock.reset();
    await page.button('Pay').click();
    await page.popup.enterCodeOf(number);
    await paysLarge(page);
  });

  it('came too late at the sign-in, which says so by itself', async () => {
    const page = await stage.open();
    await page.page.clock.install();
    const number = stage.freshNumber();
    await page.askForCodeTo(number);
    await page.codeInput().waitFor();
    await page.page.clock.fastForward(11 * MINUTE);
    await page.dialog().getByText('The time for this code is over.').waitFor();
    await look(page, 'code-expired');
    await page.button('Close').click();
    await page.dialog().waitFor({ state: 'hidden' });
    expect(await page.button('Enter it').isVisible()).toBe(false);
  });
});

describe('a slow network', () => {
  it('is waited for, and a second press pays nothing more', async () => {
    const { page } = await stage.openEnrolled();
    const letGo = await hold(page.page, '**/payments');
    await page.pay(SMALL);
    const busy = page.button('Paying …');
    await busy.waitFor();
    await look(page, 'paying');
    await busy.dispatchEvent('click');
    await page.page.getByLabel('Amount').press('Enter');
    expect(stage.paid()).toEqual([]);
    letGo();
    await page.result().getByText('Paid NZD 20.00').waitFor();
    stage.due.push(SMALL_PAID);
    expect(await page.payments()).toHaveLength(1);
  });

  it('lets a code be pressed twice and count once', async () => {
    const { page, number } = await stage.openEnrolled();
    stage.emulator.faults.add({
      kind: 'latency',
      delayMs: 300,
      match: { call: ['track', 'clientVerify', 'validate'] },
    });
    await page.pay(LARGE);
    await page.codeInput().fill(await stage.emulator.inbox.waitForCode(number));
    await page.button('Confirm').dblclick();
    await page.dialog().getByText('Checking').waitFor();
    await paysLarge(page);
    expect(await page.payments()).toHaveLength(1);
  });

  it('shows that a code is being sent, and that one signs in', async () => {
    const number = stage.freshNumber();
    const page = await stage.open();
    const letGo = await hold(page.page, '**/whatsapp/sign-in');
    await page.askForCodeTo(number);
    await page.button('Sending a code …').waitFor();
    await look(page, 'sending');
    await page.button('Sending a code …').dispatchEvent('click');
    letGo();
    await page.enterCodeOf(number);
    await page.page.getByRole('navigation').waitFor();
    expect(stage.emulator.inbox.messages(number)).toHaveLength(1);
  });
});
