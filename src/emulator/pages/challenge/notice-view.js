import { PushButton } from './push-button.js';
import { View } from './view.js';
import { troubleOf } from './wording.js';

/** @typedef {import('./notices.js').Notice & { leave?: () => void, label?: string }} Ending */

const BADGES = { good: '✓', warn: '!', bad: '×' };

/** @param {string} text */
export function showWaiting(text) {
  const view = new View('waiting');
  view.show();
  view.write('text', text);
}

/** The last thing to say, with a way on if there is one. @param {Ending} ending */
export function showNotice({ tone, title, text, leave, label = 'Continue' }) {
  const view = noticeView(tone, title, text);
  view.part('cancel', HTMLElement).hidden = true;
  if (leave === undefined) view.part('go-on', HTMLElement).hidden = true;
  else new PushButton(view.part('go-on', HTMLButtonElement), label, leave);
}

/**
 * Something that can be tried again, at once or after the wait that was asked for.
 * @param {import('./flow.js').Flow} flow
 * @param {import('./answer.js').Answer} answer
 * @param {() => void} again
 */
export function showProblem(flow, answer, again) {
  const isRate = answer.kind === 'refused' && answer.code === 'too_many_requests';
  const title = isRate ? 'Too many codes' : 'That did not work';
  const view = noticeView('warn', title, troubleOf(answer));
  const button = new PushButton(view.part('go-on', HTMLButtonElement), 'Try again', again);
  if (isRate && answer.waitMs !== undefined) button.hold(answer.waitMs);
  view.onPress('cancel', () => flow.giveUp());
}

/**
 * @param {keyof typeof BADGES} tone
 * @param {string} title
 * @param {string} text
 */
function noticeView(tone, title, text) {
  const view = new View('notice');
  const badge = view.part('badge', HTMLElement);
  badge.textContent = BADGES[tone];
  badge.classList.add(tone);
  view.write('title', title);
  view.write('text', text);
  view.show();
  // Focus tells screen readers that the page has changed.
  view.part('title', HTMLElement).focus();
  return view;
}
