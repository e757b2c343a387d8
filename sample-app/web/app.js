import { begunFlow } from './begun-flow.js';
import { element } from './element.js';
import { codeOf, sentenceOf } from './sentences.js';

/**
 * @typedef {import('./bank.js').Account} Account
 * @typedef {import('./bank.js').Bank} Bank
 * @typedef {import('./bank.js').NumberStatus} NumberStatus
 * @typedef {import('./code-dialog.js').CodeDialog} CodeDialog
 * @typedef {import('./number-flows.js').NumberFlows} NumberFlows
 * @typedef {import('./step-up.js').StepUp} StepUp
 * @typedef {{ bank: Bank, flows: NumberFlows, stepUp: StepUp, dialog: CodeDialog }} Parts
 */

/** Who is signed in, and what every view needs. Tells `change` when somebody comes or goes. */
export class App extends EventTarget {
  bank;
  flows;
  stepUp;
  #dialog;
  /** @type {Account | undefined} */
  account;
  /** `undefined`: not known, Authsignal could not be asked. @type {NumberStatus | undefined} */
  number;
  #notice = element('notice', HTMLElement);

  /** @param {Parts} parts */
  constructor({ bank, flows, stepUp, dialog }) {
    super();
    this.bank = bank;
    this.flows = flows;
    this.stepUp = stepUp;
    this.#dialog = dialog;
  }

  /** Finds out who is signed in, and shows it. */
  async enter() {
    const before = this.account?.id;
    try {
      await this.refresh(this.bank.currentAccount());
    } catch (error) {
      if (codeOf(error) !== 'signed_out') {
        throw error;
      }
      this.#isOf(undefined);
    }
    if (before !== undefined && before !== this.account?.id) {
      begunFlow.forgetOfUser();
    }
    this.#changed();
  }

  /** Asks the bank again what it knows of the user. */
  async refresh(asked = this.bank.account()) {
    this.#isOf(await asked);
    // Signed in is signed in, whether or not Authsignal can be reached.
    this.number = await this.bank.number().catch(() => undefined);
    this.stepUp.sentTo = this.number?.phoneNumber ?? '';
  }

  async leave() {
    await this.bank.post('/logout');
    this.#forget();
    this.tell('You have signed out.');
  }

  /** Another tab may have signed out, or in as somebody else. Nothing is shown if nothing has changed. */
  async look() {
    if (this.account === undefined || this.#dialog.isOpen) {
      return;
    }
    try {
      const { id } = await this.bank.currentAccount();
      if (id !== this.account?.id) {
        await this.enter();
      }
    } catch (error) {
      this.endsSession(error);
    }
  }

  /** @param {Account | undefined} account */
  #isOf(account) {
    this.account = account;
    this.bank.shown = account?.id ?? null;
  }

  /**
   * Shows the sign-in if nobody is signed in any more, and whoever else is if another tab has signed in.
   *
   * @param {unknown} error
   * @returns {boolean} whether it was that
   */
  endsSession(error) {
    const code = codeOf(error);
    if (code !== 'signed_out' && code !== 'step_up_unauthenticated') {
      return false;
    }
    this.#forget();
    this.tell(sentenceOf(code));
    void this.#meet();
    return true;
  }

  /** The bank has refused the account that was shown: another one may be signed in. */
  async #meet() {
    const other = await this.bank.currentAccount().catch(() => undefined);
    if (other !== undefined && this.account === undefined) {
      await this.enter();
      this.tell('Another account was signed in with this browser. It is the one shown now.');
    }
  }

  /** @param {string} text what is news for the whole page */
  tell(text) {
    this.#notice.textContent = text;
  }

  #forget() {
    this.#dialog.dismiss();
    begunFlow.forgetOfUser();
    this.#isOf(undefined);
    this.number = undefined;
    this.stepUp.sentTo = '';
    this.#changed();
  }

  #changed() {
    this.tell('');
    this.dispatchEvent(new Event('change'));
  }
}
