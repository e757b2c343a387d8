/**
 * A form that is sent once at a time, shows that it waits, and tells errors where they belong.
 * What failed goes to `failed`, which says it.
 */
export class GuardedForm {
  #form;
  #button;
  #words;
  #result;
  #isBusy = false;

  /**
   * @param {HTMLFormElement} form with a submit button and a `.result`
   * @param {{ send: () => Promise<void>, failed: (error: unknown) => void }} on
   */
  constructor(form, { send, failed }) {
    const button = form.querySelector('button[type=submit]');
    const result = form.querySelector('.result');
    if (!(button instanceof HTMLButtonElement) || !(result instanceof HTMLElement)) {
      throw new Error(`#${form.id} has no submit button or no .result.`);
    }
    this.#form = form;
    this.#button = button;
    this.#words = button.textContent;
    this.#result = result;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      // A second click while the first one is on its way changes nothing.
      if (!this.#isBusy && this.#isFilled()) {
        void this.run(send, failed);
      }
    });
  }

  get isBusy() {
    return this.#isBusy;
  }

  /**
   * @param {() => Promise<void>} work
   * @param {(error: unknown) => void} failed
   */
  async run(work, failed) {
    this.#beBusy(true);
    this.tell('');
    try {
      await work();
    } catch (error) {
      failed(error);
    } finally {
      this.#beBusy(false);
    }
  }

  /**
   * Says how it went, below the form.
   *
   * @param {string} text
   * @param {'good' | 'bad' | 'waiting'} tone
   * @param {Node} [more] such as a link
   */
  tell(text, tone = 'bad', more) {
    this.#result.dataset.tone = tone;
    this.#result.replaceChildren(text, ...(more === undefined ? [] : [' ', more]));
  }

  /**
   * @param {HTMLInputElement} input
   * @param {string} error empty: none
   */
  blame(input, error) {
    const place = document.getElementById(`${input.id}-error`);
    if (place !== null) {
      place.textContent = error;
      const described = (input.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .filter((id) => id !== '' && id !== place.id);
      input.setAttribute(
        'aria-describedby',
        (error === '' ? described : [...described, place.id]).join(' '),
      );
    }
    input.setAttribute('aria-invalid', String(error !== ''));
    if (error !== '') {
      input.focus();
      input.select();
    }
  }

  #isFilled() {
    this.tell('');
    const inputs = [...this.#form.querySelectorAll('input')];
    for (const input of inputs) {
      this.blame(input, '');
    }
    const empty = inputs.filter(({ required, value }) => required && value.trim() === '');
    for (const input of empty.reverse()) {
      this.blame(input, `${input.labels?.[0]?.textContent ?? 'This'} is missing.`);
    }
    return empty.length === 0;
  }

  /** @param {boolean} busy */
  #beBusy(busy) {
    this.#isBusy = busy;
    this.#form.setAttribute('aria-busy', String(busy));
    // Not `disabled`: the focus would be lost.
    this.#button.setAttribute('aria-disabled', String(busy));
    this.#button.textContent = busy ? (this.#button.dataset.busy ?? this.#words) : this.#words;
  }
}
