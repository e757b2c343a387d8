import { element } from './element.js';

const KEY = 'confirm';

/** Where the user wants to enter codes; remembered in this browser. */
export class ConfirmChoice {
  #fieldset = element('confirm-choice', HTMLFieldSetElement);

  constructor() {
    const remembered = localStorage.getItem(KEY) === 'popup' ? 'popup' : 'page';
    for (const radio of this.#radios()) {
      radio.checked = radio.value === remembered;
    }
    this.#fieldset.addEventListener('change', () => localStorage.setItem(KEY, this.value));
  }

  /** @returns {'page' | 'popup'} */
  get value() {
    return this.#radios().some((radio) => radio.checked && radio.value === 'popup')
      ? 'popup'
      : 'page';
  }

  #radios() {
    return [...this.#fieldset.querySelectorAll('input')];
  }
}
