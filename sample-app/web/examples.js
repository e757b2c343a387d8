import { make } from './element.js';
import { money } from './money.js';

/** One payment for each thing that the rules can say; see server/emulated-tenant.ts. */
const EXAMPLES = [
  { cents: 2_000, payee: 'Corner Cafe', outcome: 'Small: paid at once' },
  { cents: 200_000, payee: 'City Power', outcome: 'Larger: needs a code' },
  { cents: 2_000_000, payee: 'Yacht Broker', outcome: 'Huge: not allowed' },
  { cents: 2_000, payee: 'REVIEW ME', outcome: 'Watch list: somebody looks first' },
];

/**
 * Buttons that fill the form.
 *
 * @param {(example: { amount: string, payee: string }) => void} choose
 */
export function exampleButtons(choose) {
  return EXAMPLES.map(({ cents, payee, outcome }) => {
    const button = make(
      'button',
      { class: 'example' },
      make('b', { text: money(cents, 'NZD') }),
      ` to ${payee}`,
      make('small', { text: outcome }),
    );
    button.type = 'button';
    button.addEventListener('click', () => choose({ amount: (cents / 100).toFixed(2), payee }));
    return make('li', {}, button);
  });
}
