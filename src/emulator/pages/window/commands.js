import { say } from './notice.js';

/**
 * Asks for a change. What is wrong with it is told on the page.
 *
 * @param {string} name
 * @param {Readonly<Record<string, unknown>>} [body]
 * @param {string} [done] what is said when it worked
 * @returns {Promise<boolean>} whether it was done
 */
export async function command(name, body = {}, done = '') {
  try {
    const answer = await fetch(`/window/commands/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.ok) {
      say(done);
      return true;
    }
    say(await problemOf(answer), true);
  } catch {
    say('The emulator does not answer; nothing was changed.', true);
  }
  return false;
}

/**
 * Why an answer is a refusal, in words.
 *
 * @param {Response} answer
 * @returns {Promise<string>}
 */
export async function problemOf(answer) {
  try {
    const { errorDescription } = await answer.json();
    if (typeof errorDescription === 'string') return errorDescription;
  } catch {
    // No JSON: the status has to do.
  }
  return `The emulator answered ${answer.status}.`;
}
