import { BackButton } from './back-button.js';
import { CodeForm } from './code-form.js';
import { CodeResend } from './code-resend.js';
import { element } from './element.js';
import { codeOf, sentenceFor } from './sentences.js';

/**
 * @typedef {object} CodeRequest
 * @property {string} title
 * @property {string} [purpose] what is confirmed, such as an amount and a payee
 * @property {string} [to] the masked number
 * @property {number} resendAt Unix milliseconds
 * @property {() => Promise<number>} resend sends another code; Unix milliseconds from when it may be done again
 * @property {number} [expiresAt] Unix milliseconds
 * @property {() => void} [onDismiss]
 *
 * @typedef {object} CodeEntry
 * @property {(error?: string) => Promise<string | undefined>} code what was typed; `error` tells why the last code
 *   did not count; `undefined` once dismissed
 * @property {(error: string) => Promise<boolean>} again for when the code was right and the rest has to be tried
 *   again; `false` once dismissed
 * @property {(error: string) => Promise<void>} end says why no code is taken any more, and waits until it was read
 * @property {() => boolean} isOpen whether it was not dismissed
 * @property {() => Promise<void>} close back to where the user was; does no harm once dismissed
 */

/** The one dialog of the page that asks for a code. */
export class CodeDialog {
  #dialog = element('code-dialog', HTMLDialogElement);
  #form = new CodeForm({
    submit: (code) => this.#submit(code),
    cancel: () => this.dismiss(),
  });
  #resend = new CodeResend({
    sent: () => this.#form.focus(),
    failed: (error) => this.#notSent(error),
  });
  #back = new BackButton();
  /** @type {CodeRequest | undefined} */
  #request;
  /** @type {((code: string | undefined) => void) | undefined} */
  #answer;
  /** @type {Element | null} */
  #opener = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #expiry;

  constructor() {
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.dismiss();
    });
  }

  get isOpen() {
    return this.#request !== undefined;
  }

  /**
   * @param {CodeRequest} request
   * @returns {CodeEntry} what to do with this request; once it was dismissed, nothing of it touches the dialog
   */
  open(request) {
    this.#request = request;
    this.#opener = document.activeElement;
    this.#form.begin(request);
    this.#resend.start(request.resendAt, request.resend);
    this.#expireAt(request.expiresAt);
    this.#dialog.showModal();
    this.#back.hold(() => this.dismiss());
    return this.#entryOf(request);
  }

  /** As the user can. */
  dismiss() {
    const { onDismiss } = this.#request ?? {};
    if (this.isOpen) {
      void this.#shut();
      onDismiss?.();
      this.#settle(undefined);
    }
  }

  /**
   * @param {CodeRequest} request
   * @returns {CodeEntry}
   */
  #entryOf(request) {
    const isOpen = () => this.#request === request;
    return {
      code: async (error = '') => {
        if (isOpen()) {
          this.#form.askForCode(error);
          return this.#answered();
        }
        return undefined;
      },
      again: async (error) => {
        if (isOpen()) {
          this.#form.askToFinish(error);
          return (await this.#answered()) !== undefined;
        }
        return false;
      },
      end: async (error) => {
        if (isOpen()) {
          this.#form.end(error);
          await this.#answered();
        }
      },
      isOpen,
      close: async () => (isOpen() ? this.#shut() : undefined),
    };
  }

  /** @returns {Promise<string | undefined>} */
  #answered() {
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  /** @param {string} code */
  #submit(code) {
    this.#resend.quiet();
    this.#settle(code);
  }

  /** @param {string | undefined} code */
  #settle(code) {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(code);
  }

  async #shut() {
    this.#request = undefined;
    this.#resend.stop();
    clearTimeout(this.#expiry);
    this.#dialog.close();
    if (this.#opener instanceof HTMLElement && this.#opener !== document.body) {
      this.#opener.focus();
    }
    await this.#back.release();
  }

  /** @param {unknown} error */
  #notSent(error) {
    if (codeOf(error) === 'handle_invalid') {
      this.#form.end(sentenceFor(error));
    } else {
      this.#form.show(sentenceFor(error), false);
    }
  }

  /** @param {number | undefined} expiresAt */
  #expireAt(expiresAt) {
    clearTimeout(this.#expiry);
    if (expiresAt !== undefined) {
      this.#expiry = setTimeout(
        () => this.#form.end('The time for this code is over. Please start again.'),
        expiresAt - Date.now(),
      );
    }
  }
}
