import { BackButton } from './back-button.js';
import { Countdown } from './countdown.js';
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
 * @property {() => Promise<void>} close back to where the user was; does no harm once dismissed
 */

/** The one dialog of the page that asks for a code. */
export class CodeDialog {
  #dialog = element('code-dialog', HTMLDialogElement);
  #form = element('code-form', HTMLFormElement);
  #field = element('code-field', HTMLElement);
  #input = element('code', HTMLInputElement);
  #error = element('code-error', HTMLElement);
  #confirm = element('code-confirm', HTMLButtonElement);
  #cancel = element('code-cancel', HTMLButtonElement);
  #resend = element('code-resend', HTMLButtonElement);
  #news = element('code-news', HTMLElement);
  #countdown = new Countdown(this.#resend, 'Send again');
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
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#cancel.addEventListener('click', () => this.#dismiss());
    this.#dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.#dismiss();
    });
    this.#resend.addEventListener('click', () => this.#sendAgain());
    // What is pasted brings spaces and dashes along.
    this.#input.addEventListener('input', () => {
      const digits = this.#input.value.replace(/\D/g, '');
      if (digits !== this.#input.value) {
        this.#input.value = digits;
      }
    });
  }

  get isOpen() {
    return this.#request !== undefined;
  }

  /** As the user can. */
  dismiss() {
    this.#dismiss();
  }

  /**
   * @param {CodeRequest} request
   * @returns {CodeEntry} what to do with this request; once it was dismissed, nothing of it touches the dialog
   */
  open(request) {
    this.#request = request;
    this.#opener = document.activeElement;
    element('code-title', HTMLElement).textContent = request.title;
    element('code-purpose', HTMLElement).textContent = request.purpose ?? '';
    element('code-to', HTMLElement).textContent =
      `We sent a code to ${request.to ?? 'your phone'} by WhatsApp.`;
    this.#input.value = '';
    this.#news.textContent = '';
    this.#field.hidden = false;
    this.#resend.hidden = false;
    this.#confirm.hidden = false;
    this.#cancel.textContent = 'Cancel';
    this.#showError('');
    this.#countdown.start(request.resendAt);
    this.#expireAt(request.expiresAt);
    this.#dialog.showModal();
    this.#back.hold(() => this.#dismiss());
    const isOpen = () => this.#request === request;
    return {
      code: async (error) => (isOpen() ? this.#code(error ?? '') : undefined),
      again: async (error) => isOpen() && this.#again(error),
      end: async (error) => (isOpen() ? this.#endAndWait(error) : undefined),
      close: async () => (isOpen() ? this.#shut() : undefined),
    };
  }

  /** @param {string} error */
  #code(error) {
    this.#beBusy(false);
    this.#showError(error);
    this.#input.focus();
    this.#input.select();
    return this.#answered();
  }

  /** @param {string} error */
  async #again(error) {
    this.#field.hidden = true;
    this.#resend.hidden = true;
    this.#countdown.stop();
    this.#beBusy(false);
    this.#confirm.textContent = 'Finish';
    this.#showError(error);
    this.#confirm.focus();
    return (await this.#answered()) !== undefined;
  }

  /** @param {string} error */
  async #endAndWait(error) {
    this.#end(error);
    await this.#answered();
  }

  /** @returns {Promise<string | undefined>} */
  #answered() {
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  #submit() {
    if (this.#answer === undefined || this.#confirm.hidden) {
      return;
    }
    if (!this.#field.hidden && this.#input.value === '') {
      this.#showError('Enter the code from the message.');
      this.#input.focus();
      return;
    }
    this.#showError('');
    this.#news.textContent = '';
    this.#beBusy(true);
    this.#settle(this.#input.value);
  }

  #dismiss() {
    const { onDismiss } = this.#request ?? {};
    if (this.isOpen) {
      void this.#shut();
      onDismiss?.();
      this.#settle(undefined);
    }
  }

  async #shut() {
    this.#request = undefined;
    this.#countdown.stop();
    clearTimeout(this.#expiry);
    this.#beBusy(false);
    this.#dialog.close();
    if (this.#opener instanceof HTMLElement && this.#opener !== document.body) {
      this.#opener.focus();
    }
    await this.#back.release();
  }

  async #sendAgain() {
    const request = this.#request;
    if (request === undefined) {
      return;
    }
    this.#showError('');
    this.#news.textContent = '';
    this.#resend.disabled = true;
    this.#resend.textContent = 'Sending …';
    let next = Date.now();
    let failure;
    try {
      next = await request.resend();
    } catch (error) {
      failure = error;
      next += Object(error).retryAfterMs ?? 0;
    }
    if (this.#request !== request) {
      return;
    }
    this.#countdown.start(next);
    if (failure === undefined) {
      this.#news.textContent = 'A new code is on its way.';
      this.#input.focus();
    } else if (codeOf(failure) === 'handle_invalid') {
      this.#end(sentenceFor(failure));
    } else {
      this.#showError(sentenceFor(failure), false);
    }
  }

  /** @param {number | undefined} expiresAt */
  #expireAt(expiresAt) {
    clearTimeout(this.#expiry);
    if (expiresAt !== undefined) {
      this.#expiry = setTimeout(
        () => this.#end('The time for this code is over. Please start again.'),
        expiresAt - Date.now(),
      );
    }
  }

  /** @param {string} error */
  #end(error) {
    this.#field.hidden = true;
    this.#resend.hidden = true;
    this.#confirm.hidden = true;
    this.#countdown.stop();
    this.#beBusy(false);
    this.#showError(error);
    this.#cancel.textContent = 'Close';
    this.#cancel.focus();
  }

  /** @param {string | undefined} code */
  #settle(code) {
    const answer = this.#answer;
    this.#answer = undefined;
    answer?.(code);
  }

  /** @param {boolean} busy */
  #beBusy(busy) {
    this.#form.setAttribute('aria-busy', String(busy));
    this.#input.readOnly = busy;
    this.#confirm.setAttribute('aria-disabled', String(busy));
    this.#confirm.textContent = busy ? 'Checking …' : 'Confirm';
  }

  /**
   * @param {string} error
   * @param {boolean} ofInput
   */
  #showError(error, ofInput = true) {
    this.#error.textContent = error;
    this.#input.setAttribute('aria-invalid', String(ofInput && error !== ''));
  }
}
