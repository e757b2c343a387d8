import { command } from './commands.js';
import { el } from './dom.js';
import { keyedList } from './keyed-list.js';
import { field, panel } from './panel.js';
/** @import { Part, SwitchView, WindowView } from './view.js' */

/**
 * What the platform does not document, folded away.
 *
 * @returns {Part<WindowView>}
 */
export function switchesPanel() {
  const list = el('ol', { class: 'switches' });
  const { node } = panel(
    'switches',
    'Switches',
    el(
      'details',
      { class: 'fold' },
      el('summary', {}, 'Behaviour that Authsignal leaves open'),
      list,
    ),
  );
  const rows = keyedList(list, ({ name }) => name, switchRow);
  return { node, update: ({ switches }) => rows(switches) };
}

/**
 * @param {SwitchView} shown
 * @returns {Part<SwitchView>}
 */
function switchRow({ name, choices, value }) {
  // A length may be another than those that are offered.
  const values = choices.includes(value) ? choices : [...choices, value];
  const select = el(
    'select',
    {
      onchange: () => {
        const chosen = values[select.selectedIndex];
        command('set-switch', { name, value: chosen }, `${name}: ${chosen}.`);
      },
    },
    ...values.map((choice) => el('option', {}, String(choice))),
  );
  const node = el('li', {}, field(name, select, 'switch'));
  return {
    node,
    update(current) {
      const index = values.indexOf(current.value);
      if (select.selectedIndex !== index) select.selectedIndex = index;
      node.classList.toggle('is-turned', current.value !== choices[0]);
    },
  };
}
