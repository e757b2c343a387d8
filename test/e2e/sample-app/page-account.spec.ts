import { describe, expect, it, jest } from '@jest/globals';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import { look } from './page-stage.js';
import { visitorsOf } from './page-visitors.js';

jest.setTimeout(240_000);

const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
const HUGE = { payee: 'Yacht Broker', amount: '20,000' };
const WATCHED = { payee: 'REVIEW ME', amount: '20' };
const SMALL_PAID = 'Corner Cafe 20.00 rules';
const LARGE_PAID = 'Power Company 2000.00 challenge';

/** By how many pixels the name of the user is wider than what is seen of it. */
const NAME_CUT_BY =
  "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.getElementById('who-name'))";

describe.each(['this page', 'popup'] as const)('the bank, with codes entered in %s', (place) => {
  const { stage, open, openEnrolled } = visitorsOf(startNestBank, place);

  it('opens an account for a new number, and knows the number afterwards', async () => {
    const number = stage().freshNumber();
    const page = await open();
    await page.signInByPhone(number);
    const username = await page.username();
    await page.signOut();
    await page.signInByPhone(number);
    expect(await page.username()).toBe(username);
    const elsewhere = await stage().open();
    await elsewhere.signInByPhone(number);
    expect(await elsewhere.username()).toBe(username);
  });

  it('enrolls a first number, and sends a code to it as soon as one is needed', async () => {
    const number = stage().freshNumber();
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
    stage().due.push(LARGE_PAID);
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
    expect(stage().emulator.inbox.messages('+61491570157')).toHaveLength(1);
    await page.turnTo('Pay');
    await page.pay(LARGE);
    await page.confirmAs('+61491570157');
    await page.result().getByText('You confirmed it with a code.').waitFor();
    stage().due.push(LARGE_PAID);
  });

  it('pays nothing that the rules block or hold back, and asks for no code', async () => {
    const { page, number } = await openEnrolled();
    const sent = stage().emulator.inbox.messages(number).length;
    await page.pay(HUGE);
    await page.result().getByText('Nothing was paid. We do not allow this.').waitFor();
    await page.pay(WATCHED);
    await page.result().getByText('Waiting for a review.').waitFor();
    expect(stage().emulator.inbox.messages(number)).toHaveLength(sent);
    expect(await page.payments()).toEqual([]);
    await page.page.getByText('You have not paid anything yet.').waitFor();
  });

  it('signs out, on the server, too, and leaves nothing for the next one to find', async () => {
    const { page } = await openEnrolled();
    await page.pay(SMALL);
    await page.result().getByText('Paid NZD 20.00').waitFor();
    stage().due.push(SMALL_PAID);
    expect(await page.payments()).toHaveLength(1);
    await page.turnTo('Pay');
    await page.page.getByLabel('Pay to').fill('My secret friend');
    await page.signOut();
    expect(await page.notice().textContent()).toBe('You have signed out.');
    await page.page.goBack();
    expect(await page.heading().textContent()).toBe('Sign in');
    await page.page.reload();
    expect(await page.heading().textContent()).toBe('Sign in');
    const next = stage().freshNumber();
    await page.signInByPhone(next);
    await page.turnTo('Pay');
    expect(await page.page.getByLabel('Pay to').inputValue()).toBe('');
    expect(await page.payments()).toEqual([]);
  });

  it('shows on the narrowest phones who is signed in, and fits them', async () => {
    for (const width of [360, 320]) {
      const page = await stage().open({ viewport: { width, height: 740 } });
      await page.signInByPhone(stage().freshNumber());
      expect(await page.username()).toMatch(/^customer-[\da-f]{8}$/);
      expect(await page.page.evaluate(NAME_CUT_BY)).toBe(0);
      expect(await page.overflow()).toBeLessThanOrEqual(0);
      await look(page, `narrow-${width}`);
    }
  });
});
