import { element, make } from './element.js';
import { exampleButtons } from './examples.js';
import { GuardedForm } from './guarded-form.js';
import { centsOf, money } from './money.js';
import { codeOf, sentenceFor } from './sentences.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./bank.js').Payment} Payment
 */

/** After these nobody but the history knows whether the payment was made. */
const UNCERTAIN = ['connection_lost', 'server_error', 'step_up_consumed'];

export class PayView {
  #app;
  #payee = element('payee', HTMLInputElement);
  #amount = element('amount', HTMLInputElement);
  #currency = element('currency', HTMLSelectElement);
  #form = element('pay-form', HTMLFormElement);
  #guarded;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#guarded = new GuardedForm(this.#form, {
      send: () => this.#pay(),
      failed: (error) => this.#failed(error),
    });
    const buttons = exampleButtons(({ amount, payee }) => this.#fill(amount, payee));
    element('examples', HTMLElement).append(...buttons);
  }

  show() {
    element('pay-enroll', HTMLElement).hidden = this.#app.number?.enrolled !== false;
  }

  clear() {
    this.#form.reset();
    this.#guarded.tell('');
  }

  async #pay() {
    const cents = centsOf(this.#amount.value);
    if (cents === undefined) {
      this.#guarded.blame(this.#amount, 'Enter an amount such as 20 or 2,000.50.');
      return;
    }
    const payment = {
      amount: cents,
      currency: this.#currency.value,
      payee: this.#payee.value.trim(),
    };
    this.#app.stepUp.purpose = `${money(cents, payment.currency)} to ${payment.payee}`;
    const paid = await this.#app.bank.post('/payments', payment);
    this.#payee.value = '';
    this.#amount.value = '';
    this.#guarded.tell(wordsFor(paid), 'good');
  }

  /** @param {unknown} error */
  #failed(error) {
    if (this.#app.endsSession(error)) {
      return;
    }
    const code = codeOf(error);
    const sentence = sentenceFor(error);
    if (UNCERTAIN.includes(code)) {
      const unsure = code === 'step_up_consumed' ? sentence : `${sentence} It may have been paid.`;
      this.#guarded.tell(unsure, 'bad', linkTo('#history', 'See your history'));
    } else if (code === 'step_up_enrollment_required') {
      const more = linkTo('#number', 'Set up your number');
      this.#guarded.tell(`${sentence} Nothing was paid.`, 'bad', more);
    } else if (code === 'step_up_review_pending') {
      this.#guarded.tell(`Waiting for a review. ${sentence} Nothing was paid yet.`, 'waiting');
    } else {
      this.#guarded.tell(`Nothing was paid. ${sentence}`);
    }
  }

  /**
   * @param {string} amount
   * @param {string} payee
   */
  #fill(amount, payee) {
    this.#payee.value = payee;
    this.#amount.value = amount;
    this.#currency.value = 'NZD';
    this.#guarded.blame(this.#payee, '');
    this.#guarded.blame(this.#amount, '');
    this.#guarded.tell('');
    this.#form.querySelector('button')?.focus();
  }
}

/** @param {Payment} payment */
function wordsFor({ amount, currency, payee, approvedBy }) {
  const how = approvedBy === 'challenge' ? 'You confirmed it with a code.' : 'No code was needed.';
  return `Paid ${money(amount, currency)} to ${payee}. ${how}`;
}

/**
 * @param {string} hash
 * @param {string} text
 */
function linkTo(hash, text) {
  const link = make('a', { text });
  link.href = hash;
  return link;
}
