/** One state of the page, made from its template. */
export class View {
  #root;

  /** @param {string} name of the template, without `-view` */
  constructor(name) {
    const template = document.getElementById(`${name}-view`);
    const root =
      template instanceof HTMLTemplateElement
        ? template.content.cloneNode(true).firstChild?.nextSibling
        : undefined;
    if (!(root instanceof HTMLElement)) throw new Error(`There is no view "${name}".`);
    root.id = 'view';
    this.#root = root;
  }

  get root() {
    return this.#root;
  }

  /** Takes the place of what was shown before. */
  show() {
    document.getElementById('view')?.replaceWith(this.#root);
  }

  /** False once another view is shown. */
  get isShown() {
    return this.#root.isConnected;
  }

  /**
   * @template {HTMLElement} T
   * @param {string} name
   * @param {new () => T} type
   * @returns {T}
   */
  part(name, type) {
    const element = this.#root.querySelector(`[data-part="${name}"]`);
    if (!(element instanceof type)) throw new Error(`The view has no part "${name}".`);
    return element;
  }

  /** @param {string} name @param {string} text */
  write(name, text) {
    this.part(name, HTMLElement).textContent = text;
  }

  /** @param {string} name @param {() => void} pressed */
  onPress(name, pressed) {
    this.part(name, HTMLButtonElement).addEventListener('click', pressed);
  }
}
