import { describe, expect, it, jest } from '@jest/globals';
import { startExpressBank } from '../../../sample-app/express/start-express-bank.js';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import type { BankPage, Place } from '../../support/bank-page.js';
import { look, lookIntoPopup } from './page-stage.js';
import { visitorsOf } from './page-visitors.js';

jest.setTimeout(240_000);

const SMALL = { payee: 'Corner Cafe', amount: '20' };
const LARGE = { payee: 'Power Company', amount: '2,000' };
const SMALL_PAID = 'Corner Cafe 20.00 rules';
const LARGE_PAID = 'Power Company 2000.00 challenge';

async function lookAtStepUp(page: BankPage, place: Place, name: string): Promise<void> {
  await page.stepUpShown();
  if (place === 'popup') await lookIntoPopup(page, name);
  else await look(page, name);
}

describe.each([
  ['NestJS', 'this page', startNestBank],
  ['NestJS', 'popup', startNestBank],
  ['Express', 'this page', startExpressBank],
  ['Express', 'popup', startExpressBank],
] as const)('the bank in %s, with codes entered in %s', (framework, place, start) => {
  const { stage, open, openEnrolled } = visitorsOf(start, place);
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
    expect(stage().emulator.inbox.messages('+61491570006')).toHaveLength(1);
  });

  it('pays a little without a code and a lot with one, and shows both in the history', async () => {
    const { page, number } = await openEnrolled();
    await page.pay(SMALL);
    await page.result().getByText('Paid NZD 20.00 to Corner Cafe. No code was needed.').waitFor();
    await page.pay(LARGE);
    await lookAtStepUp(page, place, `${name}-pay`);
    expect(stage().paid()).toEqual([SMALL_PAID]);
    await page.confirmAs(number);
    await page.result().getByText('Paid NZD 2,000.00 to Power Company.').waitFor();
    expect(await page.focused().textContent()).toBe('Pay');
    expect(await page.payments()).toEqual([
      expect.stringMatching(/^Power Company NZD 2,000\.00 .* Confirmed by code$/),
      expect.stringMatching(/^Corner Cafe NZD 20\.00 .* Passed by the rules$/),
    ]);
    stage().due.push(SMALL_PAID, LARGE_PAID);
  });

  it('changes the number with a code to the old one and one to the new', async () => {
    const { page, number } = await openEnrolled();
    const next = stage().freshNumber();
    await page.turnTo('Your number');
    await page.askForCodeTo(next);
    await lookAtStepUp(page, place, `${name}-old-number`);
    expect(stage().emulator.inbox.messages(next)).toEqual([]);
    await page.confirmAs(number);
    await page.dialog().getByText('Confirm your new number').waitFor();
    await page.enterCodeOf(next);
    await page.result().getByText('Done.').waitFor();
    expect(await page.page.locator('#current-number').textContent()).toContain(next.slice(-4));
    await page.turnTo('Pay');
    await page.pay(LARGE);
    await page.confirmAs(next);
    await page.result().getByText('Paid NZD 2,000.00').waitFor();
    stage().due.push(LARGE_PAID);
  });
});
