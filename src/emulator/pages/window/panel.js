import { el, setText } from './dom.js';

/**
 * A titled part of the page.
 *
 * @param {string} id
 * @param {string} title
 * @param {...(Node | string)} children
 */
export function panel(id, title, ...children) {
  const heading = el('h2', { id: `${id}-title`, tabindex: '-1' }, title);
  const count = el('span', { class: 'count' });
  const tools = el('div', { class: 'tools' });
  const node = el(
    'section',
    { class: 'panel', id, 'aria-labelledby': `${id}-title` },
    el('div', { class: 'panel-head' }, heading, count, tools),
    ...children,
  );
  return { node, heading, count, tools };
}

/**
 * The foot of a list that is not shown whole.
 *
 * @param {string} noun
 */
export function moreLine(noun) {
  const node = el('p', { class: 'more', hidden: true });
  return {
    node,
    /** @param {number} more */
    update(more) {
      node.hidden = more === 0;
      setText(node, more === 0 ? '' : `and ${more.toLocaleString('en')} more ${noun}`);
    },
  };
}

/**
 * A list that scrolls by itself when it is long, for the keyboard too.
 *
 * @param {string} label
 * @param {HTMLElement} list
 */
export function scrolling(label, list) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, list);
}

/**
 * What stands where a list is empty.
 *
 * @param {string} words
 */
export function emptyLine(words) {
  return el('p', { class: 'empty', hidden: true }, words);
}

/**
 * @param {Readonly<Record<string, string>>} choices value to words
 * @param {Readonly<Record<string, string>>} attributes
 */
export function selectOf(choices, attributes) {
  const options = Object.entries(choices).map(([value, words]) => el('option', { value }, words));
  return el('select', attributes, ...options);
}

let fields = 0;

/**
 * A control under its label. Beside, not inside: the choices of a select are no part of its name.
 *
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [className]
 */
export function field(label, control, className = 'field') {
  fields += 1;
  control.id = `field-${fields}`;
  return el('div', { class: className }, el('label', { for: control.id }, label), control);
}
