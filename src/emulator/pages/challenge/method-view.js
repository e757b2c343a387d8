import { View } from './view.js';
import { nameOf, titleOf, troubleOf } from './wording.js';

/**
 * Lets the user say where the code is to go.
 * @param {import('./flow.js').Flow} flow
 * @param {import('./session.js').Session} session
 */
export function showMethods(flow, session) {
  const view = new View('method');
  view.write('title', titleOf(session.action));
  view.onPress('cancel', () => flow.giveUp());
  let isSending = false;
  const buttons = session.methods.map((destination) =>
    choiceOf(destination, async (button) => {
      if (isSending) return;
      isSending = true;
      view.write('error', '');
      const to = button.lastElementChild;
      if (to !== null) to.textContent = 'Sending…';
      const answer = await flow.authsignal.send(destination.method);
      if (to !== null) to.textContent = destination.sentTo;
      isSending = false;
      if (!view.isShown) return;
      if (answer.kind === 'answered') flow.askCode(session, destination);
      else if (!flow.end(answer)) view.write('error', troubleOf(answer));
    }),
  );
  view.part('choices', HTMLElement).append(
    ...buttons.map((button) => {
      const item = document.createElement('li');
      item.append(button);
      return item;
    }),
  );
  view.show();
  buttons[0]?.focus();
}

/**
 * @param {import('./session.js').Destination} destination
 * @param {(button: HTMLButtonElement) => Promise<void>} chosen
 */
function choiceOf({ method, sentTo }, chosen) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'choice';
  const name = document.createElement('b');
  name.textContent = nameOf(method);
  const to = document.createElement('span');
  to.textContent = sentTo;
  button.append(name, ' ', to);
  button.addEventListener('click', () => void chosen(button));
  return button;
}
