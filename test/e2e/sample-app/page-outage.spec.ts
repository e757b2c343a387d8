import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import { startEmulatedTenant } from '../../../sample-app/server/emulated-tenant.js';
import type { BankPage } from '../../support/bank-page.js';
import { CHROMIUM_START_MS, startChromium } from '../../support/chromium.js';
import { look, lookIntoPopup, PageStage } from './page-stage.js';

jest.setTimeout(240_000);

const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
const SMALL_PAID = 'Corner Cafe 20.00 rules';
const LARGE_PAID = 'Power Company 2000.00 challenge';
const SILENT = 'Our service for codes does not answer right now.';

let browser: Browser;
let stage: PageStage;

beforeAll(async () => {
  browser = await startChromium();
}, CHROMIUM_START_MS);
afterAll(() => browser.close());

const paysSmall = async (page: BankPage): Promise<void> => {
  await page.button('Pay').click();
  await page.result().getByText('Paid NZD 20.00').waitFor();
  stage.due.push(SMALL_PAID);
};

describe('while Authsignal is out of order', () => {
  beforeAll(async () => {
    stage = await PageStage.set(browser, startNestBank);
  });
  afterAll(() => stage.stop());
  afterEach(() => stage.clear());

  it.each([
    ['answers 503', { kind: 'status', status: 503 }],
    ['answers nothing', { kind: 'hang' }],
    ['cuts the connection', { kind: 'reset-before' }],
    ['answers what nobody can read', { kind: 'malformed-json' }],
  ] as const)('and %s, nothing is paid, and it is as before afterwards', async (_what, fault) => {
    const { page } = await stage.openEnrolled();
    const mend = stage.emulator.faults.add({ ...fault, match: { call: ['track', 'getUser'] } });
    await page.pay(SMALL);
    await page.result().getByText(`Nothing was paid. ${SILENT}`).waitFor();
    expect(stage.paid()).toEqual([]);
    mend();
    await paysSmall(page);
  });

  it('signing in by phone waits for it, and who is signed in stays so', async () => {
    const number = stage.freshNumber();
    const page = await stage.open();
    const mend = stage.emulator.faults.add({ kind: 'status', status: 503 });
    await page.askForCodeTo(number);
    await page.result().getByText(SILENT).waitFor();
    await look(page, 'sign-in-unavailable');
    mend();
    await page.signInByPhone(number);
    await page.enrollVerified();
    const again = stage.emulator.faults.add({ kind: 'status', status: 503 });
    await page.turnTo('Your number');
    await page.page.reload();
    await page.result().getByText(SILENT).waitFor();
    expect(await page.username()).not.toBe('');
    await look(page, 'number-unknown');
    again();
    await page.button('Look again').click();
    await page.page.getByText('Change your number').waitFor();
  });

  it('no code can be sent: the payment is given up, and can be made later', async () => {
    const { page, number } = await stage.openEnrolled();
    const match = { call: 'clientChallenge' } as const;
    const mend = stage.emulator.faults.add({ kind: 'status', status: 503, match });
    await page.pay(LARGE);
    await page.result().getByText('Nothing was paid. We could not send you a code.').waitFor();
    await look(page, 'no-code-sent');
    mend();
    await page.button('Pay').click();
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('a code cannot be checked: the dialog stays, and the same code counts later', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.pay(LARGE);
    await page.stepUpShown();
    const match = { call: 'clientVerify' } as const;
    const mend = stage.emulator.faults.add({ kind: 'html', match });
    await page.enterCodeOf(number);
    await page.dialog().getByText('The service that checks codes cannot be reached.').waitFor();
    await look(page, 'cannot-check');
    mend();
    await page.button('Confirm').click();
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('in the popup, which lets one try again or give up', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.confirmIn('popup');
    const match = { call: 'clientChallenge' } as const;
    const mend = stage.emulator.faults.add({ kind: 'status', status: 503, match });
    await page.pay(LARGE);
    await page.popup.ui().getByRole('heading', { name: 'That did not work' }).waitFor();
    await lookIntoPopup(page, 'out-of-order');
    await page.popup.button('Cancel').click();
    await page.result().getByText('Nothing was paid.').waitFor();
    await page.button('Pay').click();
    await page.popup.button('Try again').waitFor();
    mend();
    await page.popup.button('Try again').click();
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('the proof cannot be looked at: nothing is paid, and it can be tried again', async () => {
    const { page, number } = await stage.openEnrolled();
    const match = { call: 'validate' } as const;
    const mend = stage.emulator.faults.add({ kind: 'status', status: 503, match });
    await page.pay(LARGE);
    await page.confirmAs(number);
    await page.result().getByText(`Nothing was paid. ${SILENT}`).waitFor();
    mend();
    await page.button('Pay').click();
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    stage.due.push(LARGE_PAID);
  });

  it('the answer of the bank is lost: it does not say that nothing was paid', async () => {
    const { page } = await stage.openEnrolled();
    await page.page.route('**/payments', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await page.pay(SMALL);
    await page.result().getByText('It may have been paid.').waitFor();
    stage.due.push(SMALL_PAID);
    await look(page, 'answer-lost');
    await page.page.unroute('**/payments');
    await page.page.getByRole('link', { name: 'See your history' }).click();
    await page.page.locator('#payments li', { hasText: 'Corner Cafe' }).waitFor();
  });

  it('the user is offline, and told that nothing was paid', async () => {
    const { page } = await stage.openEnrolled();
    await page.page.context().setOffline(true);
    await page.pay(SMALL);
    await page.result().getByText('Nothing was paid. You are offline.').waitFor();
    await look(page, 'offline');
    await page.page.context().setOffline(false);
    await paysSmall(page);
  });
});

describe('after somebody has pulled the plug', () => {
  beforeEach(async () => {
    stage = await PageStage.set(browser, startNestBank);
  });
  afterEach(async () => {
    await stage.clear();
    await stage.stop();
  });

  it('of Authsignal, nothing is paid until it is back', async () => {
    const { page, number } = await stage.openEnrolled();
    await page.pay(LARGE);
    await page.stepUpShown();
    const code = await stage.emulator.inbox.waitForCode(number);
    await stage.emulator.stop();
    await page.enterCode(code);
    await page.dialog().getByText('The service that checks codes cannot be reached.').waitFor();
    await page.button('Cancel').click();
    await page.result().getByText('Nothing was paid. You did not confirm it.').waitFor();
    await page.pay(SMALL);
    await page.result().getByText(`Nothing was paid. ${SILENT}`).waitFor();
    const port = Number(new URL(stage.emulator.url).port);
    const restarted = await startEmulatedTenant({ port });
    try {
      for (const userId of stage.userIds()) restarted.users.enroll(userId, { phoneNumber: number });
      await paysSmall(page);
    } finally {
      await restarted.stop();
    }
  });

  it('of the bank, it says that the connection broke, and shows the truth once it is back', async () => {
    const { page, number } = await stage.openEnrolled();
    await stage.bank.stop();
    await page.pay(SMALL);
    await page.result().getByText('The connection broke before we heard back.').waitFor();
    await look(page, 'bank-gone');
    const again = await stage.restartBank();
    try {
      for (const userId of stage.userIds()) {
        again.authsignal.emulator?.users.enroll(userId, { phoneNumber: number });
      }
      expect(await page.payments()).toEqual([]);
      await page.turnTo('Pay');
      await paysSmall(page);
    } finally {
      await again.stop();
    }
  });
});
