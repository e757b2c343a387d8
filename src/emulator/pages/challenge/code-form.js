import { PushButton } from './push-button.js';

/**
 * @typedef {import('./answer.js').Answer} Answer
 * @typedef {{ verify: (code: string) => Promise<void>, resend: () => Promise<void> }} Deeds
 */

/** The input of a code with what is said about it, and the two buttons that send something. */
export class CodeForm {
  #view;
  #code;
  #length;
  #confirm;
  #resend;

  /**
   * @param {import('./view.js').View} view
   * @param {number} length
   * @param {Deeds} deeds
   */
  constructor(view, length, deeds) {
    this.#view = view;
    this.#length = length;
    this.#code = view.part('code', HTMLInputElement);
    this.#confirm = new PushButton(view.part('confirm', HTMLButtonElement), 'Confirm');
    const resend = view.part('resend', HTMLButtonElement);
    this.#resend = new PushButton(resend, 'Send a new code', async () => {
      this.#say({});
      this.#resend.work('Sending…');
      await deeds.resend();
    });
    this.#code.addEventListener('input', () => this.#say({}));
    view.root.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(deeds);
    });
  }

  /** @param {number} resendInMs */
  begin(resendInMs) {
    this.#resend.hold(resendInMs);
    this.#code.focus();
  }

  /** @param {boolean} isUsedUp no other code will count, until a new one is sent */
  refused(isUsedUp) {
    this.#confirm.release();
    if (isUsedUp) {
      this.#resend.release();
      this.#code.value = '';
      this.#blame('There were too many wrong codes. Have a new one sent.');
      this.#resend.focus();
    } else {
      this.#blame('That code is not right, or it has expired.');
      this.#code.select();
    }
  }

  /** @param {string} text @param {Answer} answer */
  failed(text, answer) {
    this.#confirm.release();
    if (answer.kind === 'refused' && answer.waitMs !== undefined) this.#confirm.hold(answer.waitMs);
    this.#say({ error: text });
  }

  /** @param {number} resendInMs */
  sentAgain(resendInMs) {
    this.#resend.hold(resendInMs);
    this.#code.value = '';
    this.#say({ note: 'A new code is on its way. Use the newest one.' });
    this.#code.focus();
  }

  /** @param {string} text @param {number | undefined} waitMs */
  notSent(text, waitMs) {
    this.#resend.hold(waitMs ?? 0);
    this.#say({ error: `No new code was sent. ${text}` });
  }

  /** @param {Deeds} deeds */
  async #submit(deeds) {
    if (!this.#confirm.isFree) return;
    const code = this.#code.value.replace(/\D/g, '');
    if (code.length !== this.#length) {
      this.#blame(`Enter the ${this.#length} digits of the code.`);
      this.#code.focus();
      return;
    }
    this.#say({});
    this.#confirm.work('Confirming…');
    await deeds.verify(code);
  }

  /** What is wrong with the code. @param {string} error */
  #blame(error) {
    this.#say({ error });
    this.#code.setAttribute('aria-invalid', 'true');
  }

  /** @param {{ error?: string, note?: string }} what an error that is not the code's, or good news */
  #say({ error = '', note = '' }) {
    this.#view.write('error', error);
    this.#view.write('note', note);
    this.#code.removeAttribute('aria-invalid');
  }
}
