import { command } from './commands.js';
import { el, setText } from './dom.js';
import { faultForm } from './fault-form.js';
import { keyedList } from './keyed-list.js';
import { emptyLine, moreLine, panel } from './panel.js';
/** @import { FaultView, Part, WindowView } from './view.js' */

/**
 * What goes wrong on purpose.
 *
 * @returns {Part<WindowView>}
 */
export function faultsPanel() {
  const list = el('ol', { class: 'rows' });
  const none = emptyLine('None is on: every call is answered as it should be.');
  const more = moreLine('faults');
  const form = faultForm();
  const { node, heading, tools } = panel('faults', 'Faults', form.node, none, list, more.node);
  const clear = el(
    'button',
    {
      type: 'button',
      class: 'quiet',
      onclick: () => command('clear-faults', {}, 'No fault is on any more.'),
    },
    'Clear all',
  );
  tools.append(clear);
  const rows = keyedList(list, ({ id }) => String(id), faultRow, heading);
  return {
    node,
    update({ faults, choices }) {
      form.update(choices);
      rows(faults.items);
      none.hidden = faults.items.length > 0;
      if (faults.items.length === 0 && document.activeElement === clear) heading.focus();
      clear.hidden = faults.items.length === 0;
      more.update(faults.more);
    },
  };
}

/**
 * @param {FaultView} fault
 * @returns {Part<FaultView>}
 */
function faultRow({ id, kind, calls }) {
  const what = el('span', { class: 'clip' });
  const where = calls.length === 0 ? 'every call' : calls.join(', ');
  const remove = el(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'aria-label': `Remove ${kind} on ${where}`,
      onclick: () => command('remove-fault', { id }, `${kind} removed.`),
    },
    'Remove',
  );
  const node = el(
    'li',
    { class: 'row row-head' },
    el('span', { class: 'mono strong' }, kind),
    what,
    remove,
  );
  return {
    node,
    update({ only, left, status, delayMs }) {
      const parts = [
        `on ${where}`,
        only,
        status === undefined ? '' : `status ${status}`,
        delayMs === undefined ? '' : `after ${delayMs} ms`,
        left === undefined ? 'until removed' : left === 1 ? 'once more' : `${left} more times`,
      ];
      setText(what, parts.filter((part) => part !== '').join(', '));
    },
  };
}
