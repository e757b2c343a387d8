/** A button that can be pressed again after a while, and says when. */
export class Countdown {
  #button;
  #words;
  #until = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {HTMLButtonElement} button
   * @param {string} words
   */
  constructor(button, words) {
    this.#button = button;
    this.#words = words;
  }

  /** @param {number} until Unix milliseconds */
  start(until) {
    this.stop();
    this.#until = until;
    this.#timer = setInterval(() => this.#show(), 250);
    this.#show();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #show() {
    const seconds = Math.ceil((this.#until - Date.now()) / 1000);
    this.#button.disabled = seconds > 0;
    this.#button.textContent = seconds > 0 ? `${this.#words} in ${seconds} s` : this.#words;
    if (seconds <= 0) {
      this.stop();
    }
  }
}
