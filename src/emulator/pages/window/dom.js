/** @typedef {Node | string | undefined} Child */
/** @typedef {string | number | boolean | undefined | ((event: Event) => void)} Attribute */

/**
 * An element with attributes, listeners (`onclick` and so on) and children; text is only ever text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, Attribute>>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== undefined && value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/**
 * Only what differs is written, so that a selection or a screen reader is not disturbed.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string | undefined} value taken away if it is undefined
 */
export function setAttribute(node, name, value) {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * The element of the page's own markup with this id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`There is no #${id}.`);
  return node;
}

/**
 * What somebody named, kept apart from the words around it: it may run from right to left.
 *
 * @param {string} text
 * @param {string} [className]
 */
export function named(text, className) {
  return el('bdi', { class: className }, text);
}

/**
 * Short enough for a label.
 *
 * @param {string} text
 */
export function short(text) {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
