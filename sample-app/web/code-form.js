import { element } from './element.js';

/** The form inside of the dialog: the code, why the last one did not count, and two buttons. */
export class CodeForm {
  #form = element('code-form', HTMLFormElement);
  #field = element('code-field', HTMLElement);
  #input = element('code', HTMLInputElement);
  #error = element('code-error', HTMLElement);
  #confirm = element('code-confirm', HTMLButtonElement);
  #cancel = element('code-cancel', HTMLButtonElement);

  /** @param {{ submit: (code: string) => void, cancel: () => void }} on */
  constructor({ submit, cancel }) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#form.ariaBusy !== 'true' && !this.#confirm.hidden) {
        this.#submit(submit);
      }
    });
    this.#cancel.addEventListener('click', cancel);
    // What is pasted brings spaces and dashes along.
    this.#input.addEventListener('input', () => {
      const digits = this.#input.value.replace(/\D/g, '');
      if (digits !== this.#input.value) {
        this.#input.value = digits;
      }
    });
  }

  /** @param {{ title: string, purpose?: string, to?: string }} words */
  begin({ title, purpose = '', to = 'your phone' }) {
    element('code-title', HTMLElement).textContent = title;
    element('code-purpose', HTMLElement).textContent = purpose;
    element('code-to', HTMLElement).textContent = `We sent a code to ${to} by WhatsApp.`;
    this.#input.value = '';
    this.#confirm.hidden = false;
    this.#cancel.textContent = 'Cancel';
    this.#take('on');
    this.show('');
    // Until the first code is asked for.
    this.#beBusy(false);
  }

  /** @param {string} error why the last code did not count */
  askForCode(error) {
    this.#beBusy(false);
    this.show(error);
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} error why it is not over, though the code was right */
  askToFinish(error) {
    this.#take('off');
    this.#beBusy(false);
    this.#confirm.textContent = 'Finish';
    this.show(error);
    this.#confirm.focus();
  }

  /** @param {string} error why no code is taken any more */
  end(error) {
    this.#take('off');
    this.#beBusy(false);
    this.#confirm.hidden = true;
    this.#cancel.textContent = 'Close';
    this.show(error);
    this.#cancel.focus();
  }

  focus() {
    this.#input.focus();
  }

  /**
   * @param {string} error
   * @param {boolean} ofInput whether the code is what is wrong
   */
  show(error, ofInput = true) {
    this.#error.textContent = error;
    this.#input.setAttribute('aria-invalid', String(ofInput && error !== ''));
  }

  /** @param {(code: string) => void} submit */
  #submit(submit) {
    if (!this.#field.hidden && this.#input.value === '') {
      this.show('Enter the code from the message.');
      this.#input.focus();
      return;
    }
    this.show('');
    this.#beBusy(true);
    submit(this.#input.value);
  }

  /** @param {'on' | 'off'} codes */
  #take(codes) {
    this.#field.hidden = codes === 'off';
    this.#form.dataset.code = codes;
  }

  /** @param {boolean} busy */
  #beBusy(busy) {
    this.#form.ariaBusy = String(busy);
    this.#input.readOnly = busy;
    this.#confirm.ariaDisabled = String(busy);
    this.#confirm.textContent = busy ? 'Checking …' : 'Confirm';
  }
}
