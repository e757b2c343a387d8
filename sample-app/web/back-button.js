/** Marks the entry in the browser's history that an open dialog stands on. */
const MARK = 'dialog';

/**
 * Lets the back button close a dialog and stay in the section. A reload keeps the entry, so a dialog that is open
 * again after it stands on the same one.
 */
export class BackButton {
  /** @type {(() => void) | undefined} */
  #pressed;

  constructor() {
    addEventListener('popstate', () => {
      const pressed = this.#pressed;
      this.#pressed = undefined;
      pressed?.();
    });
  }

  /** @param {() => void} pressed called once, unless released before */
  hold(pressed) {
    this.#pressed = pressed;
    if (history.state !== MARK) {
      history.pushState(MARK, '');
    }
  }

  /** Takes the entry away again, so that the next press goes to the section before. */
  async release() {
    this.#pressed = undefined;
    if (history.state === MARK) {
      const gone = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
      history.back();
      await gone;
    }
  }
}
