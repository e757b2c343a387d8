import { el, setText } from './dom.js';

/**
 * A button for what cannot be undone: the first press asks, the second does it, leaving takes the
 * question back.
 *
 * @param {string} words
 * @param {string} label for those who cannot see where it stands
 * @param {() => void} act
 */
export function armedButton(words, label, act) {
  let isArmed = false;
  /** @param {boolean} armed */
  const arm = (armed) => {
    isArmed = armed;
    setText(node, armed ? 'Really?' : words);
    node.setAttribute('aria-label', armed ? `Really: ${label}?` : label);
    node.classList.toggle('danger', armed);
  };
  const node = el('button', {
    type: 'button',
    class: 'quiet',
    onclick: () => {
      if (isArmed) act();
      arm(!isArmed);
    },
    onblur: () => arm(false),
  });
  arm(false);
  return node;
}
