import { el, setText, short } from './dom.js';
import { keyedList } from './keyed-list.js';
import { field } from './panel.js';
import { numberWords } from './words.js';
/** @import { MessageView, Part } from './view.js' */

/**
 * Whose chat is on the phone: one that was chosen, or that of whoever was written to last.
 *
 * @param {() => void} changed
 */
export function recipientChooser(changed) {
  const newest = el('option', { value: '' }, 'Newest');
  const others = el('optgroup', { label: 'Only' });
  const select = el('select', { onchange: () => changed() }, newest, others);
  const node = field('Messages to', select, 'field chooser');
  const options = keyedList(others, ({ to }) => to, recipientOption);
  let latest = '';
  return {
    node,
    chosen: () => select.value || latest,
    /** @param {readonly MessageView[]} messages newest first */
    update(messages) {
      /** @type {Map<string, number>} */
      const counts = new Map();
      for (const { to } of messages) counts.set(to, (counts.get(to) ?? 0) + 1);
      latest = messages[0]?.to ?? '';
      setText(newest, latest === '' ? 'whoever is next' : 'whoever was written to last');
      others.hidden = counts.size === 0;
      // By name, not by time: options that change places under somebody's hand are no help.
      const recipients = [...counts].map(([to, count]) => ({ to, count }));
      options(recipients.sort((one, other) => one.to.localeCompare(other.to)));
    },
  };
}

/**
 * @param {{ to: string, count: number }} recipient
 * @returns {Part<{ to: string, count: number }>}
 */
function recipientOption({ to }) {
  const node = el('option', { value: to });
  return {
    node,
    update: ({ count }) => setText(node, `${short(numberWords(to))} (${count})`),
  };
}
