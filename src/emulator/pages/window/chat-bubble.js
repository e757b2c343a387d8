import { copyCode } from './copy-code.js';
import { el, setAttribute, setText } from './dom.js';
import { minuteOf } from './emulator-time.js';
import { methodWords } from './words.js';
/** @import { EmulatorTime } from './emulator-time.js' */
/** @import { CodeLife, MessageView, Part } from './view.js' */

/**
 * One message with its code, and what that is still good for.
 *
 * @param {EmulatorTime} time
 * @returns {Part<MessageView>}
 */
export function chatBubble(time) {
  const code = el('p', { class: 'code' });
  const text = el('p', { class: 'bubble-text' });
  const channel = el('span', { class: 'channel' });
  const action = el('bdi', { class: 'bubble-action' });
  const life = el('span', { class: 'life' });
  const sentAt = el('time', {});
  let shown = '';
  const copy = el(
    'button',
    { type: 'button', class: 'copy', onclick: () => copyCode(shown, code) },
    'Copy code',
  );
  const node = el(
    'li',
    { class: 'bubble' },
    el('p', { class: 'bubble-head' }, channel, action),
    code,
    text,
    el('p', { class: 'bubble-foot' }, life, sentAt),
    copy,
  );
  return {
    node,
    update(message) {
      shown = message.code;
      setText(code, message.code);
      setText(text, textWithoutCode(message));
      setText(channel, methodWords(message.channel));
      setText(action, message.action);
      const at = Date.parse(message.sentAt);
      setText(sentAt, minuteOf(at));
      setAttribute(sentAt, 'datetime', message.sentAt);
      setAttribute(node, 'data-channel', message.channel);
      const now = lifeNow(message.life, time.now());
      setAttribute(node, 'data-life', now.kind);
      setText(life, lifeWords(now));
      setAttribute(copy, 'aria-label', `Copy code ${message.code}`);
    },
  };
}

/** @param {MessageView} message the code stands above, large */
function textWithoutCode({ text, code }) {
  return text.startsWith(`${code} is `)
    ? text.slice(code.length + 1).replace(/^is /, 'This is ')
    : text;
}

/**
 * @param {CodeLife} life
 * @param {number} now
 * @returns {CodeLife}
 */
function lifeNow(life, now) {
  return life.kind === 'live' && life.expiresAt <= now ? { kind: 'expired' } : life;
}

/** @param {CodeLife} life */
function lifeWords(life) {
  switch (life.kind) {
    case 'live':
      return `good until ${minuteOf(life.expiresAt)}`;
    case 'used':
      return 'used';
    case 'replaced':
      return 'replaced by a newer one';
    case 'expired':
      return 'expired';
  }
}
