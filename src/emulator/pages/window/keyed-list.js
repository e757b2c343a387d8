/** @import { Part } from './view.js' */

/**
 * Keeps the children of `parent` in step with a list. An entry that stays keeps its element, and so
 * its focus, its scroll position and what is unfolded in it. Where the focus goes with a removed
 * entry, it moves on to its neighbour, or to `otherwise`.
 *
 * @template T
 * @param {HTMLElement} parent
 * @param {(entry: T) => string} keyOf
 * @param {(entry: T) => Part<T>} create
 * @param {HTMLElement} [otherwise]
 * @returns {(entries: readonly T[]) => void}
 */
export function keyedList(parent, keyOf, create, otherwise) {
  /** @type {Map<string, Part<T>>} */
  const parts = new Map();
  return (entries) => {
    const wanted = new Set(entries.map(keyOf));
    for (const [key, { node }] of parts) {
      if (wanted.has(key)) continue;
      parts.delete(key);
      removeWithFocus(node, otherwise);
    }
    /** @type {Element | null} */
    let place = parent.firstElementChild;
    for (const entry of entries) {
      const part = parts.get(keyOf(entry)) ?? create(entry);
      parts.set(keyOf(entry), part);
      part.update(entry);
      if (part.node === place) place = place.nextElementSibling;
      else parent.insertBefore(part.node, place);
    }
  };
}

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} [otherwise]
 */
function removeWithFocus(node, otherwise) {
  const hadFocus = node.contains(document.activeElement);
  const neighbour = node.nextElementSibling ?? node.previousElementSibling;
  node.remove();
  if (!hadFocus) return;
  const next = neighbour?.querySelector('button, summary, input, select');
  if (next instanceof HTMLElement) next.focus();
  else otherwise?.focus();
}
