import { clockOf } from './wording.js';

/**
 * A button that can be at work or on hold. It stays focusable all the while: a button that is
 * disabled under the finger would throw the focus away.
 */
export class PushButton {
  #element;
  #label;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {HTMLButtonElement} element @param {string} label @param {() => void} [pressed] */
  constructor(element, label, pressed) {
    this.#element = element;
    this.#label = label;
    element.textContent = label;
    if (pressed !== undefined) {
      element.addEventListener('click', () => {
        if (this.isFree) pressed();
      });
    }
  }

  get isFree() {
    return this.#element.getAttribute('aria-disabled') !== 'true';
  }

  /** @param {string} label what it is doing */
  work(label) {
    this.#stop();
    this.#element.setAttribute('aria-disabled', 'true');
    this.#element.classList.add('busy');
    this.#element.textContent = label;
  }

  release() {
    this.#stop();
    this.#element.removeAttribute('aria-disabled');
    this.#element.textContent = this.#label;
  }

  /** Counts down, and is free after `ms`. @param {number} ms */
  hold(ms) {
    this.#stop();
    if (ms <= 0) {
      this.release();
      return;
    }
    const end = Date.now() + ms;
    const tick = () => {
      const left = end - Date.now();
      if (left <= 0 || !this.#element.isConnected) this.release();
      else this.#element.textContent = `${this.#label} in ${clockOf(left)}`;
    };
    this.#element.setAttribute('aria-disabled', 'true');
    this.#element.classList.add('paused');
    this.#timer = setInterval(tick, 250);
    this.#element.textContent = `${this.#label} in ${clockOf(ms)}`;
  }

  focus() {
    this.#element.focus();
  }

  #stop() {
    clearInterval(this.#timer);
    this.#element.classList.remove('busy', 'paused');
  }
}
