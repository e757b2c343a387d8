import { begunFlow } from './begun-flow.js';
import { element } from './element.js';
import { GuardedForm } from './guarded-form.js';
import { drawNumber } from './number-words.js';
import { RecoveryCodes } from './recovery-codes.js';
import { codeOf, sentenceFor } from './sentences.js';
import { showUnfinished } from './unfinished.js';

/** @typedef {import('./app.js').App} App */

const PURPOSE = 'Your number for codes';
const DONE = 'Done. You can pay with codes to this number.';
const TOO_LATE = 'It was too late to cancel: codes go to this number from now on.';

/** A first number, the number that the bank has verified, or another one. */
export class NumberView {
  #app;
  #now;
  #verified;
  #form;
  #input = element('new-phone', HTMLInputElement);
  #recovery = new RecoveryCodes();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#now = new GuardedForm(element('number-now', HTMLFormElement), {
      send: () => this.#load(),
      failed: (error) => this.#failed(this.#now, error),
    });
    this.#verified = new GuardedForm(element('verified-form', HTMLFormElement), {
      send: () => this.#useVerified(),
      failed: (error) => this.#failed(this.#verified, error),
    });
    this.#form = new GuardedForm(element('number-form', HTMLFormElement), {
      send: () => this.#begin(),
      failed: (error) => this.#failed(this.#form, error),
    });
  }

  show() {
    this.#now.tell('');
    this.#draw();
    if (this.#app.number === undefined && !this.#now.isBusy) {
      void this.#now.run(
        () => this.#load(),
        (error) => this.#failed(this.#now, error),
      );
    }
  }

  clear() {
    element('number-form', HTMLFormElement).reset();
    for (const form of [this.#now, this.#verified, this.#form]) {
      form.tell('');
    }
    this.#recovery.clear();
  }

  /** After a reload in the middle: back to the code. */
  takeUpBegun() {
    const flow = begunFlow.find();
    if (flow?.isOpen === true && flow.name !== 'sign-in') {
      this.#takeUp(flow);
    }
  }

  async #load() {
    this.#app.number = await this.#app.bank.number();
    await this.#app.refresh();
    this.#draw();
  }

  async #useVerified() {
    this.#app.stepUp.purpose = PURPOSE;
    const { recoveryCodes } = await this.#app.bank.post('/whatsapp/verified-number');
    await this.#changed();
    this.#recovery.show(recoveryCodes ?? []);
  }

  async #begin() {
    this.#app.stepUp.purpose = PURPOSE;
    const name = this.#app.number?.enrolled === true ? 'phone-number' : 'enrollment';
    await this.#finish(await this.#app.flows.begin(name, this.#input.value));
  }

  /** @param {import('./begun-flow.js').BegunFlow} flow */
  #takeUp(flow) {
    if (!this.#form.isBusy) {
      void this.#form.run(
        async () => this.#finish(await this.#app.flows.takeUp(flow)),
        (error) => this.#failed(this.#form, error),
      );
    }
  }

  /** @param {import('./number-flows.js').Ending} ending */
  async #finish(ending) {
    if (ending === 'left') {
      this.#draw();
    } else {
      this.#input.value = '';
      await this.#changed(ending === 'late' ? TOO_LATE : DONE);
    }
  }

  async #changed(words = DONE) {
    await this.#app.refresh();
    this.#draw();
    this.#now.tell(words, 'good');
    element('number-title', HTMLElement).focus();
  }

  #draw() {
    drawNumber(this.#app);
    showUnfinished(
      element('number-form', HTMLFormElement),
      ['enrollment', 'phone-number'],
      (flow) => this.#takeUp(flow),
    );
  }

  /**
   * @param {GuardedForm} form
   * @param {unknown} error
   */
  #failed(form, error) {
    if (this.#app.endsSession(error)) {
      return;
    }
    if (['phone_invalid', 'phone_not_allowed', 'request_invalid'].includes(codeOf(error))) {
      form.blame(this.#input, sentenceFor(error));
    } else {
      form.tell(sentenceFor(error));
    }
    this.#draw();
    if (this.#app.number === undefined) {
      element('current-number', HTMLElement).textContent = 'Not known right now';
    }
  }
}
