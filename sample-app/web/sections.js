import { element } from './element.js';

/** @typedef {{ show(): void | Promise<void> }} View */

/** Which view is seen: the one that the address names, or the sign-in. */
export class Sections {
  #views;
  #isSignedIn;
  #nav = element('sections', HTMLElement);
  /** @type {string | undefined} */
  #current;

  /**
   * @param {Readonly<Record<string, View>>} views by hash; the first one is where users begin
   * @param {() => boolean} isSignedIn
   */
  constructor(views, isSignedIn) {
    this.#views = views;
    this.#isSignedIn = isSignedIn;
    addEventListener('hashchange', () => this.show());
  }

  show() {
    const name = this.#isSignedIn() ? this.#named() : 'sign-in';
    const isMove = this.#current !== undefined && this.#current !== name;
    this.#current = name;
    for (const each of [...Object.keys(this.#views), 'sign-in']) {
      element(each, HTMLElement).hidden = each !== name;
    }
    this.#nav.hidden = name === 'sign-in';
    for (const link of this.#nav.querySelectorAll('a')) {
      if (link.hash === `#${name}`) {
        link.setAttribute('aria-current', 'page');
      } else {
        link.removeAttribute('aria-current');
      }
    }
    const title = element(`${name}-title`, HTMLElement);
    document.title = `${title.textContent} · Harbour Bank`;
    if (isMove) {
      title.focus();
    }
    void this.#views[name]?.show();
  }

  #named() {
    const [first = ''] = Object.keys(this.#views);
    const named = location.hash.slice(1);
    return Object.hasOwn(this.#views, named) ? named : first;
  }
}
