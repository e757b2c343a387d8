import { isWebAddress, withToken } from './return-address.js';

/**
 * The app that sent the user here, and how to get back to it: by redirect, or by message where the
 * Web SDK has opened this page in a frame or in a window of its own.
 */
export class App {
  #token;
  /** @type {Window | undefined} */
  #listener;
  /** @type {string | undefined} */
  #redirectUrl;

  /** @param {{ token: string, isPopup: boolean }} address */
  constructor({ token, isPopup }) {
    this.#token = token;
    this.#listener = isPopup ? listenerOf(window) : undefined;
    document.documentElement.dataset.place = !isPopup
      ? 'page'
      : window.parent === window
        ? 'window'
        : 'popup';
  }

  get isPopup() {
    return this.#listener !== undefined;
  }

  /** Whether there is a way back that this page can take. */
  get isWaiting() {
    return this.isPopup || this.#redirectUrl !== undefined;
  }

  /** @param {unknown} address the action's `redirectUrl` */
  returnsTo(address) {
    this.#redirectUrl = isWebAddress(address) ? address : undefined;
  }

  ready() {
    this.#say({ event: 'AUTHSIGNAL_READY' });
  }

  /** @param {string} errorCode @param {number} statusCode */
  failed(errorCode, statusCode) {
    this.#say({ event: 'AUTHSIGNAL_API_ERROR', errorCode, statusCode });
  }

  /** Goes back with a proof. @param {string} token */
  goOn(token) {
    this.#leave(token, token);
  }

  /** Goes back with the token that the user came with: it says no more than that nothing was proven. */
  giveUp() {
    this.#leave(undefined, this.#token);
  }

  /** Goes back with the token that the user came with, for an action that needs no code. */
  pass() {
    this.#leave(this.#token, this.#token);
  }

  /** A frame has to be told how high it should be. @param {Element} content */
  fit(content) {
    if (!this.isPopup) return;
    new ResizeObserver(() => {
      const { height } = content.getBoundingClientRect();
      this.#listener?.postMessage({ height: Math.ceil(height) }, '*');
    }).observe(content);
  }

  /** @param {string | undefined} message @param {string} parameter */
  #leave(message, parameter) {
    if (this.isPopup) this.#say({ event: 'AUTHSIGNAL_CLOSE_POPUP', token: message });
    else if (this.#redirectUrl !== undefined) {
      location.assign(withToken(this.#redirectUrl, parameter));
    }
  }

  /** Which origin listens cannot be known here; whoever it is has opened this page with the token. @param {object} message */
  #say(message) {
    this.#listener?.postMessage(JSON.stringify(message), '*');
  }
}

/** @param {Window} own @returns {Window | undefined} */
function listenerOf(own) {
  if (own.parent !== own) return own.parent;
  return own.opener ?? undefined;
}
