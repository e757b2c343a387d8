import { element, make } from './element.js';

/** Shown once; the page keeps them no longer than the user looks at them. */
export class RecoveryCodes {
  #card = element('recovery', HTMLElement);
  #list = element('recovery-codes', HTMLElement);
  #copied = element('copied', HTMLElement);

  constructor() {
    element('copy-codes', HTMLButtonElement).addEventListener('click', () => this.#copy());
    element('codes-kept', HTMLButtonElement).addEventListener('click', () => {
      this.clear();
      element('number-title', HTMLElement).focus();
    });
  }

  /** @param {readonly string[]} codes */
  show(codes) {
    this.#list.replaceChildren(...codes.map((code) => make('li', { text: code })));
    this.#copied.textContent = '';
    this.#card.hidden = codes.length === 0;
    if (codes.length > 0) {
      element('recovery-title', HTMLElement).focus();
    }
  }

  clear() {
    this.show([]);
  }

  async #copy() {
    const codes = [...this.#list.children].map(({ textContent }) => textContent);
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      this.#copied.textContent = 'Copied. Keep them in a safe place.';
    } catch {
      this.#copied.textContent = 'This browser does not let us copy. Please write them down.';
    }
  }
}
