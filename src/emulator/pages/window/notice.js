import { byId, setText } from './dom.js';

const SHOWN_MS = 5_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/**
 * Says something at the foot of the page, and to a screen reader. Good news goes by itself, a
 * problem stays until the next word.
 *
 * @param {string} words none: what was said is taken back
 * @param {boolean} [isProblem]
 */
export function say(words, isProblem = false) {
  const notice = byId('notice');
  clearTimeout(fading);
  setText(notice, words);
  notice.dataset.kind = isProblem ? 'problem' : 'done';
  if (words !== '' && !isProblem) fading = setTimeout(() => setText(notice, ''), SHOWN_MS);
}
