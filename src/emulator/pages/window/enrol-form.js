import { command } from './commands.js';
import { el, setAttribute, setText } from './dom.js';
import { keyedList } from './keyed-list.js';
import { field } from './panel.js';
import { methodWords } from './words.js';
/** @import { Part } from './view.js' */

/**
 * Enrolls a number or an address by hand.
 *
 * @returns {Part<readonly string[]>} follows the methods that can be chosen
 */
export function enrolForm() {
  const userId = el('input', { name: 'userId', required: true, autocomplete: 'off' });
  const method = el('select', { name: 'method', onchange: () => showKind() });
  const address = el('input', { name: 'address', required: true, autocomplete: 'off' });
  const addressField = field('Number', address);
  const options = keyedList(method, (name) => name, methodOption);
  const usesEmail = () => method.value.startsWith('EMAIL');

  function showKind() {
    const label = addressField.firstElementChild;
    if (label !== null) setText(label, usesEmail() ? 'Address' : 'Number');
    setAttribute(address, 'placeholder', usesEmail() ? 'ann@example.com' : '+64211234567');
    setAttribute(address, 'type', usesEmail() ? 'email' : 'tel');
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const to = address.value.trim();
    const contact = usesEmail() ? { email: to } : { phoneNumber: to };
    const given = { userId: userId.value, verificationMethod: method.value, ...contact };
    if (!(await command('enroll', given, `${methodWords(method.value)} enrolled.`))) {
      address.focus();
      return;
    }
    form.reset();
    showKind();
    userId.focus();
  }

  const form = el(
    'form',
    { class: 'form', onsubmit: submit, 'aria-label': 'Enroll by hand' },
    field('User', userId),
    field('Method', method),
    addressField,
    el('button', { type: 'submit' }, 'Enroll'),
  );
  const node = el('details', { class: 'fold' }, el('summary', {}, 'Enroll by hand'), form);
  return {
    node,
    update(methods) {
      options(methods);
      showKind();
    },
  };
}

/**
 * @param {string} method
 * @returns {Part<string>}
 */
function methodOption(method) {
  const node = el('option', { value: method });
  return { node, update: (name) => setText(node, methodWords(name)) };
}
