import { chatBubble } from './chat-bubble.js';
import { command } from './commands.js';
import { el, setText } from './dom.js';
import { minuteOf } from './emulator-time.js';
import { keyedList } from './keyed-list.js';
import { moreLine } from './panel.js';
import { phoneFrame } from './phone-frame.js';
import { recipientChooser } from './recipient-chooser.js';

/** @import { EmulatorTime } from './emulator-time.js' */
/** @import { MessageView, WindowView } from './view.js' */

/** As many bubbles as anybody would scroll through. */
const BUBBLES = 50;

/**
 * The inbox as a phone: one chat for each recipient, the newest message at the foot.
 *
 * @param {HTMLElement} node
 * @param {EmulatorTime} time
 */
export function inboxPhone(node, time) {
  const frame = phoneFrame();
  const chooser = recipientChooser(() => show());
  const clear = el(
    'button',
    { type: 'button', class: 'quiet', onclick: () => command('clear-inbox', {}, 'Inbox cleared.') },
    'Clear',
  );
  const more = moreLine('messages');
  const head = el('div', { class: 'panel-head' }, heading(), el('div', { class: 'tools' }, clear));
  node.append(head, chooser.node, frame.node, more.node);
  const bubbles = keyedList(
    frame.chat,
    ({ id }) => id,
    () => chatBubble(time),
    frame.chat,
  );
  /** @type {readonly MessageView[]} */
  let messages = [];

  function show() {
    const to = chooser.chosen();
    const chat = messages.filter((message) => message.to === to).slice(0, BUBBLES);
    const [newest] = chat;
    const isNew = frame.showNewest(newest?.id ?? '');
    bubbles([...chat].reverse());
    for (const child of frame.chat.children) {
      child.classList.toggle('is-newest', child === frame.chat.lastElementChild);
    }
    frame.setTitle(to, newest?.channel);
    if (isNew) frame.toNewest();
  }

  function tick() {
    setText(frame.time, minuteOf(time.now()));
  }

  return {
    /** @param {WindowView} view */
    update(view) {
      messages = view.messages.items;
      chooser.update(messages);
      clear.disabled = messages.length === 0;
      more.update(view.messages.more);
      show();
      tick();
    },
    tick() {
      tick();
      show();
    },
  };
}

function heading() {
  return el('h2', { id: 'inbox-title', tabindex: '-1' }, 'Inbox');
}
