import { PushButton } from './push-button.js';
import { View } from './view.js';
import { nameOf, titleOf, troubleOf } from './wording.js';

const INCOMPLETE = 'Please check the number. It starts with + and the country code.';

/**
 * Asks a user who has nothing enrolled for the first number.
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Session} session
 */
export function showNumber(flow, session) {
  const view = new View('number');
  const number = view.part('number', HTMLInputElement);
  view.write('title', titleOf(session.action));
  view.onPress('cancel', () => flow.giveUp());
  number.value = session.enrolment?.phoneNumber ?? '';
  const method = methodsIn(view, session.enrolment?.methods ?? []);
  const send = new PushButton(view.part('send', HTMLButtonElement), 'Send code');
  /** @param {string} text */
  const complain = (text) => {
    view.write('error', text);
    number.setAttribute('aria-invalid', String(text === INCOMPLETE));
  };
  number.addEventListener('input', () => complain(''));
  view.root.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (!send.isFree) return;
    const phoneNumber = typed(number.value);
    if (phoneNumber === undefined) {
      complain(INCOMPLETE);
      number.focus();
      return;
    }
    complain('');
    send.work('Sending…');
    const answer = await sendFirst(flow, method(), phoneNumber);
    if (!view.isShown) return;
    send.release();
    const isBadNumber = answer.kind === 'refused' && answer.code === 'invalid_request';
    if (answer.kind === 'answered') {
      const enrolment = { methods: session.enrolment?.methods ?? [], phoneNumber };
      const destination = { method: method(), sentTo: phoneNumber };
      flow.askCode({ ...session, enrolment }, destination);
    } else if (!flow.end(answer)) {
      complain(isBadNumber ? INCOMPLETE : troubleOf(answer));
    }
  });
  view.show();
  number.focus();
}

/**
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Method} method
 * @param {string} phoneNumber
 */
async function sendFirst(flow, method, phoneNumber) {
  const added = await flow.authsignal.add(method, phoneNumber);
  return added.kind === 'answered' ? flow.authsignal.send(method) : added;
}

/** E.164, or nothing if it cannot be read as that. @param {string} text */
function typed(text) {
  const number = text.replace(/[\s().\-/]/g, '').replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}

/**
 * Shows the methods if there is a choice, and tells how to read which one was made.
 * @param {View} view
 * @param {import('./session.js').Method[]} methods
 * @returns {() => import('./session.js').Method}
 */
function methodsIn(view, methods) {
  view.part('methods', HTMLElement).hidden = methods.length < 2;
  const inputs = methods.map((method) => {
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = 'method';
    input.value = method;
    const label = document.createElement('label');
    label.append(input, nameOf(method));
    view.part('options', HTMLElement).append(label);
    return input;
  });
  const [first] = inputs;
  if (first !== undefined) first.checked = true;
  return () => methods[inputs.findIndex(({ checked }) => checked)] ?? 'WHATSAPP';
}
