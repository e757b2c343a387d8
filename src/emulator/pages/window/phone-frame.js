import { el, setAttribute, setText } from './dom.js';
import { keptAtFoot } from './kept-at-foot.js';
import { methodWords, numberWords } from './words.js';

/** The phone around a chat. */
export function phoneFrame() {
  const time = el('span', { class: 'phone-time' });
  const name = el('bdi', { class: 'chat-to' });
  const line = el('span', { class: 'chat-line' });
  const chat = el('ol', { class: 'chat', tabindex: '0' });
  const none = el(
    'div',
    { class: 'chat-none' },
    el('p', { class: 'chat-none-title' }, 'No message yet'),
    el('p', {}, 'A code that your app sends arrives here by itself.'),
  );
  const screen = el(
    'div',
    { class: 'phone-screen' },
    el('div', { class: 'phone-status', 'aria-hidden': 'true' }, time, statusIcons()),
    el(
      'div',
      { class: 'chat-head' },
      el('span', { class: 'avatar', 'aria-hidden': 'true' }),
      el('div', { class: 'chat-who' }, name, line),
    ),
    chat,
    none,
    el('div', { class: 'phone-home', 'aria-hidden': 'true' }),
  );
  const node = el('div', { class: 'phone' }, screen);
  let newestId = '';
  const toNewest = keptAtFoot(chat);
  return {
    node,
    time,
    chat,
    toNewest,
    /**
     * @param {string} id of the newest message, empty if there is none
     * @returns {boolean} whether it is another than before
     */
    showNewest(id) {
      const isNew = id !== newestId;
      newestId = id;
      chat.hidden = id === '';
      none.hidden = id !== '';
      return isNew;
    },
    /**
     * @param {string} to
     * @param {string | undefined} channel of the newest message
     */
    setTitle(to, channel) {
      setAttribute(screen, 'data-channel', channel);
      setText(name, to === '' ? 'Messages' : numberWords(to));
      setText(
        line,
        channel === undefined ? 'nothing was sent' : `${methodWords(channel)} messages`,
      );
      setAttribute(chat, 'aria-label', `Messages to ${to}`);
    },
  };
}

/** Drawn by the style sheet. */
function statusIcons() {
  return el(
    'span',
    { class: 'phone-icons' },
    el('i', { class: 'phone-signal' }),
    el('i', { class: 'phone-battery' }),
  );
}
