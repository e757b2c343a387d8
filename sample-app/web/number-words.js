import { element } from './element.js';

const ADD = {
  title: 'Add a number',
  hint: 'We send a code to it by WhatsApp, to see that it is yours.',
};
const OTHER = { title: 'Or use another number', hint: ADD.hint };
const CHANGE = {
  title: 'Change your number',
  hint: 'First a code to your old number, then one to the new.',
};

/**
 * Where codes go, and what can be done about it.
 *
 * @param {Pick<import('./app.js').App, 'account' | 'number'>} known
 */
export function drawNumber({ account, number }) {
  const isEnrolled = number?.enrolled === true;
  const verified = account?.phoneNumber ?? null;
  const hasVerified = number?.enrolled === false && verified !== null;
  const current = isEnrolled ? (number.phoneNumber ?? 'your number') : 'Nowhere yet';
  text('current-number', number === undefined ? '…' : current);
  text('number-hint', isEnrolled ? 'By WhatsApp, whenever a payment needs one.' : '');
  const again = element('number-now', HTMLFormElement).querySelector('button');
  again?.toggleAttribute('hidden', number !== undefined);
  element('verified-form', HTMLElement).hidden = !hasVerified;
  text('verified-hint', `We have verified ${verified ?? ''}. No code is needed to use it.`);
  element('number-form', HTMLElement).hidden = number === undefined;
  const words = isEnrolled ? CHANGE : hasVerified ? OTHER : ADD;
  text('number-form-title', words.title);
  text('number-form-hint', words.hint);
}

/**
 * @param {string} id
 * @param {string} words
 */
function text(id, words) {
  element(id, HTMLElement).textContent = words;
}
