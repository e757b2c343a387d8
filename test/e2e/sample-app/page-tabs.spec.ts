import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import type { BankPage } from '../../support/bank-page.js';
import { CHROMIUM_START_MS, startChromium } from '../../support/chromium.js';
import { look, PageStage } from './page-stage.js';

jest.setTimeout(240_000);

const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
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

const signedOut = async (page: BankPage): Promise<void> => {
  await page.notice().getByText('You are signed out. Please sign in again.').waitFor();
  expect(await page.heading().textContent()).toBe('Sign in');
};

const currentNumber = (page: BankPage) => page.page.locator('#current-number');

describe('two tabs', () => {
  it('pay at the same time, each with a code of its own', async () => {
    const { page: first, number } = await stage.openEnrolled();
    const second = await stage.openTab(first, '#pay');
    await first.pay(LARGE);
    await first.stepUpShown();
    const codeOfFirst = await stage.emulator.inbox.waitForCode(number);
    await second.pay({ payee: 'Water Works', amount: '300' });
    await second.stepUpShown();
    const codeOfSecond = await stage.emulator.inbox.waitForCode(number);
    await second.enterCode(codeOfSecond);
    await second.result().getByText('Paid NZD 300.00 to Water Works.').waitFor();
    await first.enterCode(codeOfFirst);
    await first.result().getByText('Paid NZD 2,000.00 to Power Company.').waitFor();
    stage.due.push('Water Works 300.00 challenge', LARGE_PAID);
    expect(await first.payments()).toHaveLength(2);
    expect(await second.payments()).toHaveLength(2);
  });

  it('pay the same in the popup and in the page: two payments, as was asked for', async () => {
    const { page: first, number } = await stage.openEnrolled();
    const second = await stage.openTab(first, '#pay');
    await second.confirmIn('popup');
    await first.pay(LARGE);
    await first.stepUpShown();
    const codeOfFirst = await stage.emulator.inbox.waitForCode(number);
    await second.pay(LARGE);
    await second.confirmAs(number);
    await second.result().getByText('Paid NZD 2,000.00').waitFor();
    await first.enterCode(codeOfFirst);
    await first.result().getByText('Paid NZD 2,000.00').waitFor();
    stage.due.push(LARGE_PAID, LARGE_PAID);
  });

  it('sign out in one of them: nothing is paid in the other, not with the right code either', async () => {
    const { page: first, number } = await stage.openEnrolled();
    const second = await stage.openTab(first, '#pay');
    await second.pay(LARGE);
    await second.stepUpShown();
    await first.signOut();
    await second.enterCodeOf(number);
    await signedOut(second);
    expect(await second.dialog().isVisible()).toBe(false);
    await look(second, 'signed-out-elsewhere');
  });

  it('sign in as somebody else in one of them: the other shows who it is before anything else', async () => {
    const { page: first } = await stage.openEnrolled();
    const second = await stage.openTab(first, '#pay');
    await second.page.getByLabel('Pay to').fill('A friend of the first');
    await first.signOut();
    const number = stage.freshNumber();
    await first.signInByPhone(number);
    const username = await first.username();
    await second.page.bringToFront();
    await second.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await second.page.locator('#who-name', { hasText: username ?? '' }).waitFor();
    expect(await second.page.getByLabel('Pay to').inputValue()).toBe('');
  });

  /** Two windows side by side: the one behind was not left and learns of nothing. */
  async function takenOver() {
    const { page: first } = await stage.openEnrolled();
    const second = await stage.openTab(first, '#pay');
    const before = await second.username();
    await first.signOut();
    await first.signInByPhone(stage.freshNumber());
    const username = (await first.username()) ?? '';
    expect(username).not.toBe(before);
    expect(await second.username()).toBe(before);
    return { first, second, username };
  }

  it.each(['this page', 'popup'] as const)(
    'pay from nobody’s account but the one that is shown, codes in %s',
    async (place) => {
      const { first, second, username } = await takenOver();
      await second.confirmIn(place);
      await second.pay(SMALL);
      await second.notice().getByText('Another account was signed in').waitFor();
      expect(await second.username()).toBe(username);
      expect(await second.page.getByLabel('Pay to').inputValue()).toBe('');
      expect(await first.payments()).toEqual([]);
      await look(second, `other-account-${place === 'popup' ? 'popup' : 'own'}`);
    },
  );

  it('change nobody’s number, and read nobody’s letters, but those of the account that is shown', async () => {
    const { second, username } = await takenOver();
    await second.turnTo('History');
    await second.notice().getByText('Another account was signed in').waitFor();
    expect(await second.username()).toBe(username);
  });

  it('show who it is as soon as they are clicked into', async () => {
    const { second, username } = await takenOver();
    await second.page.evaluate("dispatchEvent(new Event('focus'))");
    await second.page.locator('#who-name', { hasText: username }).waitFor();
  });
});

describe('a session that the bank has ended', () => {
  it('leads to the sign-in whatever is done next, and forgets what was entered', async () => {
    const { page } = await stage.openEnrolled();
    stage.endSessions();
    await page.pay(SMALL);
    await signedOut(page);
    await page.signInByPhone(stage.freshNumber());
    expect(await page.page.getByLabel('Pay to').inputValue()).toBe('');
    stage.endSessions();
    await page.turnTo('History');
    await signedOut(page);
    await page.signInByPhone(stage.freshNumber());
    await page.turnTo('Your number');
    stage.endSessions();
    await page.askForCodeTo(stage.freshNumber());
    await signedOut(page);
    await page.signInByPhone(stage.freshNumber());
    expect(await page.page.locator('#new-phone').inputValue()).toBe('');
    stage.endSessions();
    await page.signOut();
  });

  it('ends between the challenge and the code: the payment is refused', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.confirmIn('popup');
    await page.pay(LARGE);
    await page.popup.codeInput().waitFor();
    stage.endSessions();
    await page.popup.enterCodeOf(number);
    await signedOut(page);
  });
});

describe('a reload in the middle', () => {
  it('of a sign-in comes back to the code', async () => {
    const number = stage.freshNumber();
    const page = await stage.open();
    await page.askForCodeTo(number);
    await page.codeInput().waitFor();
    await page.page.reload();
    await page.codeInput().waitFor();
    expect(stage.emulator.inbox.messages(number)).toHaveLength(1);
    await page.page.reload();
    await page.enterCodeOf(number);
    await page.page.getByRole('navigation').waitFor();
  });

  it('of an enrollment comes back to the code', async () => {
    const number = stage.freshNumber();
    const page = await stage.open();
    await page.signInByPassword('cleo');
    await page.turnTo('Your number');
    await page.askForCodeTo(number);
    await page.codeInput().waitFor();
    await page.page.reload();
    await page.dialog().getByText('Confirm your number').waitFor();
    await page.enterCodeOf(number);
    await page.result().getByText('Done.').waitFor();
    expect(await currentNumber(page).textContent()).toContain(number.slice(-4));
  });

  it('of a payment pays nothing, and the payment can be begun again', async () => {
    const { page, number } = await stage.openEnrolled();
    for (const place of ['this page', 'popup'] as const) {
      await page.confirmIn(place);
      await page.pay(LARGE);
      await page.stepUpShown();
      await page.page.reload();
      await page.button('Pay').waitFor();
      expect(await page.dialog().isVisible()).toBe(false);
      expect(stage.paid()).toEqual([]);
    }
    expect(await page.page.getByRole('radio', { name: /popup/ }).isChecked()).toBe(true);
    const codes = stage.emulator.inbox.messages(number).length;
    await page.pay(LARGE);
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    expect(stage.emulator.inbox.messages(number)).toHaveLength(codes + 1);
    stage.due.push(LARGE_PAID);
  });

  it('of a change of number loses the first half and keeps the second', async () => {
    const { page, number } = await stage.openEnrolled();
    const next = stage.freshNumber();
    await page.turnTo('Your number');
    await page.askForCodeTo(next);
    await page.dialog().getByText('Confirm with your old number').waitFor();
    await page.page.reload();
    await page.button('Send me a code').waitFor();
    expect(await page.dialog().isVisible()).toBe(false);
    await page.askForCodeTo(next);
    await page.enterCodeOf(number);
    await page.dialog().getByText('Confirm your new number').waitFor();
    await page.page.reload();
    await page.dialog().getByText('Confirm your new number').waitFor();
    expect(await currentNumber(page).textContent()).toContain(number.slice(-4));
    await page.enterCodeOf(next);
    await page.result().getByText('Done.').waitFor();
    expect(await currentNumber(page).textContent()).toContain(next.slice(-4));
  });
});

describe('the back button', () => {
  it('goes through the sections, and to none of them from an open dialog', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.turnTo('History');
    await page.turnTo('Pay');
    await page.pay(LARGE);
    await page.stepUpShown();
    await page.page.goBack();
    await page.result().getByText('You did not confirm it.').waitFor();
    expect(await page.heading().textContent()).toBe('Pay somebody');
    await page.page.goBack();
    await page.page.getByRole('heading', { name: 'History', level: 1 }).waitFor();
    await page.page.goForward();
    await page.page.getByRole('heading', { name: 'Pay somebody' }).waitFor();
    expect(await page.dialog().isVisible()).toBe(false);
    await page.button('Pay').click();
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    await page.page.goBack();
    await page.page.getByRole('heading', { name: 'History', level: 1 }).waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('from another page finds the payment neither made again nor lost', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.pay(LARGE);
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    await page.page.goto('about:blank');
    await page.page.goBack();
    await page.button('Pay').waitFor();
    expect(await page.payments()).toHaveLength(1);
    stage.due.push(LARGE_PAID);
  });
});
