/**
 * An element of index.html.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`index.html has no such #${id}.`);
  }
  return found;
}

/**
 * A new element. Text stays text: what people have entered is never read as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {{ class?: string, text?: string }} [given]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, given = {}, ...children) {
  const made = document.createElement(name);
  if (given.class !== undefined) {
    made.className = given.class;
  }
  if (given.text !== undefined) {
    made.textContent = given.text;
  }
  made.append(...children);
  return made;
}
