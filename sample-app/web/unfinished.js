import { begunFlow } from './begun-flow.js';
import { make } from './element.js';

/**
 * Says below a form that a code was sent and not entered, and lets the user enter it.
 *
 * @param {HTMLFormElement} form with an `.unfinished`
 * @param {readonly import('./begun-flow.js').FlowName[]} names of the flows that the form begins
 * @param {(flow: import('./begun-flow.js').BegunFlow) => void} takeUp
 */
export function showUnfinished(form, names, takeUp) {
  const place = form.querySelector('.unfinished');
  const flow = begunFlow.find();
  if (!(place instanceof HTMLElement)) {
    return;
  }
  const isOfThisForm = flow !== undefined && names.includes(flow.name);
  place.hidden = !isOfThisForm;
  if (isOfThisForm) {
    const button = make('button', { class: 'quiet', text: 'Enter it' });
    button.type = 'button';
    button.addEventListener('click', () => takeUp(flow));
    place.replaceChildren(`We sent a code to ${flow.phoneNumber}. `, button);
  }
}
