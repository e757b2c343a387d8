import { say } from './notice.js';

/**
 * Puts a code on the clipboard. Where the browser does not let pages do that (another address than
 * loopback, without TLS), the code is selected instead, and the page says what to press.
 *
 * @param {string} code
 * @param {HTMLElement} shownAs
 */
export async function copyCode(code, shownAs) {
  try {
    await navigator.clipboard.writeText(code);
    say(`Copied ${code}.`);
  } catch {
    getSelection()?.selectAllChildren(shownAs);
    say('The code is selected: copy it with Ctrl+C or ⌘C.');
  }
}
