import { byId, setText } from './dom.js';
import { methodWords } from './words.js';
/** @import { MessageView } from './view.js' */

/**
 * Tells of messages that have come since the page was opened: to a screen reader, and in the title
 * of a tab that nobody looks at.
 *
 * @returns {(messages: readonly MessageView[]) => void} takes all messages, newest first
 */
export function newsReader() {
  const title = document.title;
  /** @type {Set<string> | undefined} */
  let known;
  let unseen = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
  });
  return (messages) => {
    const before = known;
    known = new Set(messages.map(({ id }) => id));
    if (before === undefined) return;
    const fresh = messages.filter(({ id }) => !before.has(id));
    const [newest] = fresh;
    if (newest === undefined) return;
    setText(byId('news'), wordsOf(newest, fresh.length));
    unseen += document.hidden ? fresh.length : 0;
    if (unseen > 0) document.title = `(${unseen}) ${title}`;
  };
}

/**
 * @param {MessageView} newest
 * @param {number} count
 */
function wordsOf(newest, count) {
  // Digit by digit: a code is not a number.
  const code = [...newest.code].join(' ');
  const which = count === 1 ? 'New' : `${count} new messages. The newest:`;
  return `${which} ${methodWords(newest.channel)} message to ${newest.to}: ${code}`;
}
