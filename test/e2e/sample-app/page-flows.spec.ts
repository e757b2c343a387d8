import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startExpressBank } from '../../../sample-app/express/start-express-bank.js';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import type { StartBank } from '../../../sample-app/server/running-bank.js';
import type { BankPage, Place } from '../../support/bank-page.js';
import { CHROMIUM_START_MS, startChromium } from '../../support/chromium.js';
import { type Enrolled, look, lookIntoPopup, PageStage } from './page-stage.js';

jest.setTimeout(60_000);

const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
const HUGE = { payee: 'Yacht Broker', amount: '20,000' };
const WATCHED = { payee: 'REVIEW ME', amount: '20' };
const SMALL_PAID = 'Corner Cafe 20.00 rules';
const LARGE_PAID = 'Power Company 2000.00 challenge';

let browser: Browser;
let stage: PageStage;

beforeAll(async () => {
  browser = await startChromium();
}, CHROMIUM_START_MS);
afterAll(() => browser.close());

async function lookAtStepUp(page: BankPage, place: Place, name: string): Promise<void> {
  await page.stepUpShown();
  if (place === 'popup') await lookIntoPopup(page, name);
  else await look(page, name);
}

/** The hooks of a bank of its own, and its users, who enter codes in `place`. */
function onStage(start: StartBank, place: Place) {
  beforeAll(async () => {
    stage = await PageStage.set(browser, start);
  });
  afterAll(() => stage.stop());
  afterEach(() => stage.clear());
  return {
    open: async (): Promise<BankPage> => {
      const page = await stage.open();
      await page.confirmIn(place);
      return page;
    },
    openEnrolled: async (): Promise<Enrolled> => {
      const enrolled = await stage.openEnrolled();
      await enrolled.page.confirmIn(place);
      return enrolled;
    },
  };
}

describe.each([
  ['NestJS', 'this page', startNestBank],
  ['NestJS', 'popup', startNestBank],
  ['Express', 'this page', startExpressBank],
  ['Express', 'popup', startExpressBank],
] as const)('the bank in %s, with codes entered in %s', (framework, place, start) => {
  const { open, openEnrolled } = onStage(start, place);
  const name = `${framework.toLowerCase()}-${place === 'popup' ? 'popup' : 'own'}`;

  it('signs in by password with a code where the browser is new, and without one where it is known', async () => {
    const page = await open();
    await page.submitPassword('ann');
    await lookAtStepUp(page, place, `${name}-sign-in`);
    await page.confirmAs('+61491570006');
    await page.page.getByRole('navigation').waitFor();
    expect(await page.username()).toBe('ann');
    await page.signOut();
    await page.submitPassword('ann');
    await page.page.getByRole('navigation').waitFor();
    expect(stage.emulator.inbox.messages('+61491570006')).toHaveLength(1);
  });

  it('pays a little without a code and a lot with one, and shows both in the history', async () => {
    const { page, number } = await openEnrolled();
    await page.pay(SMALL);
    await page.result().getByText('Paid NZD 20.00 to Corner Cafe. No code was needed.').waitFor();
    await page.pay(LARGE);
    await lookAtStepUp(page, place, `${name}-pay`);
    expect(stage.paid()).toEqual([SMALL_PAID]);
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00 to Power Company.').waitFor();
    expect(await page.focused().textContent()).toBe('Pay');
    expect(await page.payments()).toEqual([
      expect.stringMatching(/^Power Company NZD 2,000\.00 .* Confirmed by code$/),
      expect.stringMatching(/^Corner Cafe NZD 20\.00 .* Passed by the rules$/),
    ]);
    stage.due.push(SMALL_PAID, LARGE_PAID);
  });

  it('changes the number with a code to the old one and one to the new', async () => {
    const { page, number } = await openEnrolled();
    const next = stage.freshNumber();
    await page.turnTo('Your number');
    await page.askForCodeTo(next);
    await lookAtStepUp(page, place, `${name}-old-number`);
    expect(stage.emulator.inbox.messages(next)).toEqual([]);
    await page.confirmAs(number);
    await page.dialog().getByText('Confirm your new number').waitFor();
    await page.enterCodeOf(next);
    await page.result().getByText('Done.').waitFor();
    expect(await page.page.locator('#current-number').textContent()).toContain(next.slice(-4));
    await page.turnTo('Pay');
    await page.pay(LARGE);
    await page.confirmAs(next);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    stage.due.push(LARGE_PAID);
  });
});

describe.each(['this page', 'popup'] as const)('the bank, with codes entered in %s', (place) => {
  const { open, openEnrolled } = onStage(startNestBank, place);

  it('opens an account for a new number, and knows the number afterwards', async () => {
    const number = stage.freshNumber();
    const page = await open();
    await page.signInByPhone(number);
    const username = await page.username();
    await page.signOut();
    await page.signInByPhone(number);
    expect(await page.username()).toBe(username);
    const elsewhere = await stage.open();
    await elsewhere.signInByPhone(number);
    expect(await elsewhere.username()).toBe(username);
  });

  it('enrolls a first number, and sends a code to it as soon as one is needed', async () => {
    const number = stage.freshNumber();
    const page = await open();
    await page.signInByPassword('cleo');
    await page.turnTo('Your number');
    await page.askForCodeTo(number);
    await page.dialog().getByText('Confirm your number').waitFor();
    await look(page, 'enrollment-code');
    await page.enterCodeOf(number);
    await page.result().getByText('Done.').waitFor();
    await page.turnTo('Pay');
    await page.pay(LARGE);
    await page.confirmAs(number);
    await page.result().getByText('You confirmed it with a code.').waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('takes over the number that the branch has verified, without another code', async () => {
    const page = await open();
    await page.signInByPhone('+61491570157');
    expect(await page.username()).toBe('dora');
    await page.turnTo('Your number');
    await page.button('Send codes to this number').click();
    await page.page.getByText('Keep these recovery codes').waitFor();
    await page.button('I have kept them').click();
    await page.result().getByText('Done.').waitFor();
    expect(stage.emulator.inbox.messages('+61491570157')).toHaveLength(1);
    await page.turnTo('Pay');
    await page.pay(LARGE);
    await page.confirmAs('+61491570157');
    await page.result().getByText('You confirmed it with a code.').waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('pays nothing that the rules block or hold back, and asks for no code', async () => {
    const { page, number } = await openEnrolled();
    const sent = stage.emulator.inbox.messages(number).length;
    await page.pay(HUGE);
    await page.result().getByText('Nothing was paid. We do not allow this.').waitFor();
    await page.pay(WATCHED);
    await page.result().getByText('Waiting for a review.').waitFor();
    expect(stage.emulator.inbox.messages(number)).toHaveLength(sent);
    expect(await page.payments()).toEqual([]);
    await page.page.getByText('You have not paid anything yet.').waitFor();
  });

  it('signs out, on the server, too, and leaves nothing for the next one to find', async () => {
    const { page } = await openEnrolled();
    await page.pay(SMALL);
    await page.result().getByText('Paid NZD 20.00').waitFor();
    stage.due.push(SMALL_PAID);
    expect(await page.payments()).toHaveLength(1);
    await page.turnTo('Pay');
    await page.page.getByLabel('Pay to').fill('My secret friend');
    await page.signOut();
    expect(await page.notice().textContent()).toBe('You have signed out.');
    await page.page.goBack();
    expect(await page.heading().textContent()).toBe('Sign in');
    await page.page.reload();
    expect(await page.heading().textContent()).toBe('Sign in');
    const next = stage.freshNumber();
    await page.signInByPhone(next);
    await page.turnTo('Pay');
    expect(await page.page.getByLabel('Pay to').inputValue()).toBe('');
    expect(await page.payments()).toEqual([]);
  });
});
