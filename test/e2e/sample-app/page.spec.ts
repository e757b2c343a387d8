import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startExpressBank } from '../../../sample-app/express/start-express-bank.js';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import type { RunningBank, StartBank } from '../../../sample-app/server/running-bank.js';
import { BankPage } from '../../support/bank-page.js';
import {
  barriersOn,
  CHROMIUM_START_MS,
  keepPicture,
  startChromium,
} from '../../support/chromium.js';

jest.setTimeout(240_000);

const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
const PHONE = { viewport: { width: 360, height: 740 } };
const DESK = { viewport: { width: 1200, height: 900 } };

let browser: Browser;
let bank: RunningBank;
const opened: BankPage[] = [];

let taken = 0;
/** E.164; each test has its own. */
function freshNumber(): string {
  taken += 1;
  return `+64212${100_000 + taken}`;
}

async function open(options: BrowserContextOptions = DESK): Promise<BankPage> {
  const page = await BankPage.open(browser, bank, { reducedMotion: 'reduce', ...options });
  opened.push(page);
  return page;
}

/** Somebody whom Authsignal can send codes to. */
async function openEnrolled(
  options?: BrowserContextOptions,
): Promise<{ readonly page: BankPage; readonly number: string }> {
  const number = freshNumber();
  const page = await open(options);
  await page.signInByPhone(number);
  await page.turnTo('Your number');
  await page.button('Send codes to this number').click();
  await page.button('I have kept them').click();
  await page.turnTo('Pay');
  return { page, number };
}

async function look(page: BankPage, name: string): Promise<void> {
  await keepPicture(page.page, `bank-${name}`);
  expect(await barriersOn(page.page)).toEqual([]);
}

function startBank(start: StartBank): Promise<RunningBank> {
  const limits = { ip: false, prefix: false, waitsMs: false } as const;
  const settings = {
    host: '127.0.0.1',
    port: 0,
    databaseFile: ':memory:',
    tenant: undefined,
    limits,
  };
  return start(settings, () => undefined);
}

beforeAll(async () => {
  browser = await startChromium();
}, CHROMIUM_START_MS);
afterAll(async () => {
  await browser.close();
});
afterEach(async () => {
  const pages = opened.splice(0);
  for (const page of pages) await page.close();
  // No script failed, and the policy had nothing to stop.
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
});

describe.each([
  ['NestJS', startNestBank],
  ['Express', startExpressBank],
])('the page of the bank in %s', (_name, start) => {
  beforeAll(async () => {
    bank = await startBank(start);
  });
  afterAll(() => bank.stop());

  it('takes a newcomer from nothing to a payment that was confirmed by a code', async () => {
    const number = freshNumber();
    const page = await open();
    expect(
      await page.page.getByRole('link', { name: 'emulator' }).first().getAttribute('href'),
    ).toBe(page.emulator.url);
    await look(page, 'sign-in');
    await page.askForCodeTo(number);
    await page.codeInput().waitFor();
    await look(page, 'sign-in-code');
    await page.enterCodeOf(number);
    await page.page.getByText('Before you can pay').waitFor();
    await look(page, 'pay-first-time');
    await page.page.getByRole('link', { name: 'Set up your number' }).click();
    await page.button('Send codes to this number').waitFor();
    await look(page, 'number-verified');
    await page.button('Send codes to this number').click();
    await page.page.getByText('Keep these recovery codes').waitFor();
    await look(page, 'recovery-codes');
    await page.button('I have kept them').click();
    await page.turnTo('Pay');

    await page.pay(SMALL);
    await page.page.getByText('Paid NZD 20.00 to Corner Cafe. No code was needed.').waitFor();
    await page.pay(LARGE);
    await page.dialog().getByText('NZD 2,000.00 to Power Company').waitFor();
    await look(page, 'pay-code');
    await page.enterCodeOf(number);
    await page.page
      .getByText('Paid NZD 2,000.00 to Power Company. You confirmed it with a code.')
      .waitFor();
    await look(page, 'paid');
    const [second, first, ...more] = await page.payments();
    expect(second).toMatch(/^Power Company NZD 2,000\.00 .* Confirmed by code$/);
    expect(first).toMatch(/^Corner Cafe NZD 20\.00 .* Passed by the rules$/);
    expect(more).toEqual([]);
    await look(page, 'history');
  });
});

describe('the page', () => {
  beforeAll(async () => {
    bank = await startBank(startNestBank);
  });
  afterAll(() => bank.stop());

  it('says in words what the rules say', async () => {
    const { page } = await openEnrolled();
    await page.button(/20,000\.00/).click();
    await page.button('Pay').click();
    await page.result().getByText('Nothing was paid. We do not allow this.').waitFor();
    await look(page, 'blocked');
    await page.button(/REVIEW ME/).click();
    await page.button('Pay').click();
    await page.result().getByText('Waiting for a review.').waitFor();
    await look(page, 'review');
    expect(await page.payments()).toEqual([]);
  });

  it('takes the next code after a wrong one, pasted with spaces', async () => {
    const { page, number } = await openEnrolled();
    await page.pay(LARGE);
    await page.enterWrongCode(number);
    await page.dialog().getByText('That code is wrong or has expired.').waitFor();
    await look(page, 'wrong-code');
    expect(await page.selectedText()).toMatch(/^\d{6}$/);
    expect(await page.codeInput().getAttribute('aria-invalid')).toBe('true');
    const code = await page.emulator.inbox.waitForCode(number);
    await page.codeInput().fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    expect(await page.codeInput().inputValue()).toBe(code);
    await page.page.keyboard.press('Enter');
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
  });

  it.each([
    ['the button', (page: BankPage) => page.button('Cancel').click()],
    ['Escape', (page: BankPage) => page.page.keyboard.press('Escape')],
    ['the back button', (page: BankPage) => page.page.goBack()],
  ])(
    'pays nothing when the code is cancelled with %s, and keeps what was entered',
    async (_name, cancel) => {
      const { page } = await openEnrolled();
      await page.pay(LARGE);
      await page.codeInput().waitFor();
      await cancel(page);
      await page.result().getByText('Nothing was paid. You did not confirm it.').waitFor();
      expect(await page.dialog().isVisible()).toBe(false);
      expect(await page.page.getByLabel('Pay to').inputValue()).toBe(LARGE.payee);
      expect(await page.focused().textContent()).toBe('Pay');
      expect(await page.heading().textContent()).toBe('Pay somebody');
      expect(await page.payments()).toEqual([]);
    },
  );

  it('pays once for a double click', async () => {
    const { page } = await openEnrolled();
    await page.page.getByLabel('Pay to').fill(SMALL.payee);
    await page.page.getByLabel('Amount').fill(SMALL.amount);
    await page.button('Pay').dblclick();
    await page.result().getByText('Paid NZD 20.00').waitFor();
    expect(await page.payments()).toHaveLength(1);
  });

  it('tells what is missing or wrong at the field, and puts the user there', async () => {
    const { page } = await openEnrolled();
    await page.button('Pay').click();
    await page.page.getByText('Pay to is missing.').waitFor();
    await page.page.getByText('Amount is missing.').waitFor();
    expect(await page.focused().getAttribute('id')).toBe('payee');
    await page.pay({ payee: 'Corner Cafe', amount: '20,00' });
    await page.page.getByText('Enter an amount such as').waitFor();
    const amount = page.page.getByLabel('Amount');
    expect(await amount.getAttribute('aria-invalid')).toBe('true');
    expect(await amount.getAttribute('aria-describedby')).toBe('amount-error');
    await look(page, 'pay-invalid');
  });

  it('changes the number: a code to the old one, then one to the new', async () => {
    const { page, number } = await openEnrolled();
    const next = freshNumber();
    await page.turnTo('Your number');
    await page.askForCodeTo(next);
    await page.dialog().getByText('Confirm with your old number').waitFor();
    await look(page, 'old-number-code');
    await page.enterCodeOf(number);
    await page.dialog().getByText('Confirm your new number').waitFor();
    await page
      .dialog()
      .getByText(`+64••••${next.slice(-4)}`)
      .waitFor();
    // The first message got lost, say.
    const first = await page.emulator.inbox.waitForCode(next);
    await page.button('Send again').click();
    await page.dialog().getByText('A new code is on its way.').waitFor();
    const second = await page.emulator.inbox.waitForCode(next);
    await page.enterCode(second === first ? first : second);
    await page.result().getByText('Done.').waitFor();
    expect(await page.page.locator('#current-number').textContent()).toBe(
      `+64••••${next.slice(-4)}`,
    );
    await look(page, 'number-changed');
    await page.turnTo('History');
    await page.page.getByText(`Codes now go to •••${next.slice(-3)}.`).waitFor();
  });

  it('lets in a demo user by password, who enrolls a first number', async () => {
    const number = freshNumber();
    const page = await open();
    await page.signInByPassword('cleo');
    await page.pay(SMALL);
    await page.result().getByText('we have no number to send it to. Nothing was paid.').waitFor();
    await page.turnTo('Your number');
    await page.askForCodeTo('hello');
    await page.page.getByText('This is not a phone number.').waitFor();
    await page.askForCodeTo(number);
    await page.enterCodeOf(number);
    await page.result().getByText('Done.').waitFor();
    await page.turnTo('Pay');
    await page.pay(SMALL);
    await page.result().getByText('Paid NZD 20.00').waitFor();
  });

  it('asks for a code where the browser is new, and knows it afterwards', async () => {
    const page = await open();
    await page.page.getByLabel('Username').fill('ann');
    await page.page.getByLabel('Password').fill('wrong');
    await page.button('Sign in').click();
    await page.result().getByText('The username or the password is wrong.').waitFor();
    await page.signInByPassword('ann');
    await page.signOut();
    expect(await page.notice().textContent()).toBe('You have signed out.');
    await page.submitPassword('ann');
    await page.page.getByRole('navigation').waitFor();
  });

  it('sends dora to the sign-in by phone, where her branch has verified her number', async () => {
    const page = await open();
    await page.submitPassword('dora');
    await page.result().getByText('Sign in with your phone.').waitFor();
    await look(page, 'password-not-enough');
    await page.signInByPhone('+61491570157');
    await page.turnTo('Your number');
    await page.page.getByText('We have verified •••157.').waitFor();
  });

  it('fits a phone, in the dark, too', async () => {
    const { page, number } = await openEnrolled({ ...PHONE, colorScheme: 'dark' });
    await page.pay(LARGE);
    await page.codeInput().waitFor();
    await look(page, 'phone-dark-code');
    await page.enterCodeOf(number);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    for (const section of ['Pay', 'History', 'Your number'] as const) {
      await page.turnTo(section);
      expect(await page.overflow()).toBeLessThanOrEqual(0);
      await look(page, `phone-dark-${section.toLowerCase().replace(' ', '-')}`);
    }
    await page.signOut();
    expect(await page.overflow()).toBeLessThanOrEqual(0);
    await look(page, 'phone-dark-sign-in');
    await page.page.emulateMedia({ colorScheme: 'light' });
    await look(page, 'phone-sign-in');
  });
});
