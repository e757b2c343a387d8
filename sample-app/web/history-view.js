import { element, make } from './element.js';
import { GuardedForm } from './guarded-form.js';
import { money } from './money.js';
import { sentenceFor } from './sentences.js';

/**
 * @typedef {import('./app.js').App} App
 * @typedef {import('./bank.js').Payment} Payment
 * @typedef {import('./bank.js').Notice} Notice
 */

/** What was paid, how it was approved, and what went to the user by letter. */
export class HistoryView {
  #app;
  #payments = element('payments', HTMLElement);
  #letters = element('letters', HTMLElement);
  #form;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#form = new GuardedForm(element('history-form', HTMLFormElement), {
      send: () => this.#load(),
      failed: (error) => this.#failed(error),
    });
  }

  async show() {
    if (!this.#form.isBusy) {
      await this.#form.run(
        () => this.#load(),
        (error) => this.#failed(error),
      );
    }
  }

  clear() {
    this.#fill([], []);
    for (const id of ['no-payments', 'no-letters']) {
      element(id, HTMLElement).textContent = 'Loading …';
    }
  }

  async #load() {
    const { bank } = this.#app;
    const [payments, { notices }] = await Promise.all([bank.payments(), bank.account()]);
    this.#fill(payments, notices);
  }

  /**
   * @param {readonly Payment[]} payments
   * @param {readonly Notice[]} notices
   */
  #fill(payments, notices) {
    this.#payments.replaceChildren(...payments.map(paymentEntry).reverse());
    this.#letters.replaceChildren(...notices.map(letterEntry).reverse());
    sayIfNone('no-payments', payments.length, 'You have not paid anything yet.');
    sayIfNone('no-letters', notices.length, 'We have not written to you.');
  }

  /** @param {unknown} error */
  #failed(error) {
    if (!this.#app.endsSession(error)) {
      this.#form.tell(sentenceFor(error));
    }
  }
}

/**
 * @param {string} id
 * @param {number} count
 * @param {string} words
 */
function sayIfNone(id, count, words) {
  const place = element(id, HTMLElement);
  place.textContent = words;
  place.hidden = count > 0;
}

/** @param {Payment} payment */
function paymentEntry({ amount, currency, payee, approvedBy, createdAt }) {
  const isConfirmed = approvedBy === 'challenge';
  return make(
    'li',
    {},
    make('b', { text: payee }),
    make('span', { class: 'amount', text: money(amount, currency) }),
    make('small', {}, timeOf(createdAt)),
    make('small', {
      class: isConfirmed ? 'tag by-code' : 'tag',
      text: isConfirmed ? 'Confirmed by code' : 'Passed by the rules',
    }),
  );
}

/** @param {Notice} notice */
function letterEntry({ text, createdAt }) {
  return make(
    'li',
    { class: 'letter' },
    make('span', { text }),
    make('small', {}, timeOf(createdAt)),
  );
}

/** @param {string} iso */
function timeOf(iso) {
  const time = make('time', {
    text: new Date(iso).toLocaleString('en-NZ', { dateStyle: 'medium', timeStyle: 'short' }),
  });
  time.dateTime = iso;
  return time;
}
