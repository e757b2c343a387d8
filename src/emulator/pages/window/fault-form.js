import { command } from './commands.js';
import { el } from './dom.js';
import { field, selectOf } from './panel.js';
/** @import { Choices, Part } from './view.js' */

/**
 * Switches a fault on.
 *
 * @returns {Part<Choices>}
 */
export function faultForm() {
  const kind = selectOf({}, { name: 'kind' });
  const call = selectOf({ '': 'every call' }, { name: 'call' });
  const times = numberInput({ name: 'times', min: '1', placeholder: 'always' });
  const status = numberInput({ name: 'status', min: '200', max: '599', placeholder: '500' });
  const delayMs = numberInput({ name: 'delayMs', min: '0', placeholder: '1000' });
  const statusField = field('Status', status);
  const delayField = field('Delay in ms', delayMs);

  function showFields() {
    statusField.hidden = kind.value !== 'status';
    delayField.hidden = kind.value !== 'latency';
  }
  kind.addEventListener('change', showFields);

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const fault = {
      kind: kind.value,
      ...(call.value === '' ? {} : { call: call.value }),
      ...numberOf(times),
      ...(statusField.hidden ? {} : numberOf(status)),
      ...(delayField.hidden ? {} : numberOf(delayMs)),
    };
    command('add-fault', fault, `${kind.value} is on.`);
  }

  const node = el(
    'form',
    { class: 'form', onsubmit: submit, 'aria-label': 'Switch a fault on' },
    field('What goes wrong', kind),
    field('On', call),
    statusField,
    delayField,
    field('Times', times),
    el('button', { type: 'submit' }, 'Switch on'),
  );
  return {
    node,
    update(choices) {
      // They never change while an emulator runs.
      if (kind.options.length > 0) return;
      kind.append(
        ...choices.faults.map((fault) => el('option', { value: fault.kind }, fault.words)),
      );
      call.append(...choices.calls.map((name) => el('option', { value: name }, name)));
      showFields();
    },
  };
}

/** @param {Readonly<Record<string, string>>} attributes */
function numberInput(attributes) {
  return el('input', { type: 'number', step: '1', inputmode: 'numeric', ...attributes });
}

/** @param {HTMLInputElement} input */
function numberOf(input) {
  return input.value === '' ? {} : { [input.name]: Number(input.value) };
}
