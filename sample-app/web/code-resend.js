import { Countdown } from './countdown.js';
import { element } from './element.js';

/** @typedef {{ sent: () => void, failed: (error: unknown) => void }} Outcome */

/** The button that has another code sent, and counts down until it may. */
export class CodeResend {
  #button = element('code-resend', HTMLButtonElement);
  #news = element('code-news', HTMLElement);
  #countdown = new Countdown(this.#button, 'Send again');
  /** @type {(() => Promise<number>) | undefined} */
  #send;
  #outcome;

  /** @param {Outcome} outcome */
  constructor(outcome) {
    this.#outcome = outcome;
    this.#button.addEventListener('click', () => void this.#press());
  }

  /**
   * @param {number} at Unix milliseconds
   * @param {() => Promise<number>} send from when it may be done again
   */
  start(at, send) {
    this.#send = send;
    this.quiet();
    this.#countdown.start(at);
  }

  stop() {
    this.#send = undefined;
    this.#countdown.stop();
  }

  quiet() {
    this.#news.textContent = '';
  }

  async #press() {
    const send = this.#send;
    if (send === undefined) {
      return;
    }
    this.quiet();
    this.#button.disabled = true;
    this.#button.textContent = 'Sending …';
    const [next, failure] = await send().then(
      (at) => /** @type {const} */ ([at, undefined]),
      (error) => /** @type {const} */ ([Date.now() + (Object(error).retryAfterMs ?? 0), error]),
    );
    // Of a dialog that was dismissed meanwhile nobody wants to hear.
    if (this.#send !== send) {
      return;
    }
    this.#countdown.start(next);
    if (failure === undefined) {
      this.#news.textContent = 'A new code is on its way.';
      this.#outcome.sent();
    } else {
      this.#outcome.failed(failure);
    }
  }
}
