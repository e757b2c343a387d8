import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { BrokenOff, Refusal } from './endings.mjs';
import { masked } from './redactor.mjs';

/**
 * Where the codes of messages come from.
 * @typedef {object} Codes
 * @property {(phone: string) => Promise<void>} mark call it before a message is sent
 * @property {(phone: string, hint: string) => Promise<string | undefined | null>} next the code of
 *   the message that was sent since; undefined if none arrived, null if nobody can tell
 * @property {() => void} close
 */

/**
 * Asks the person at the terminal. The question goes to stderr, so that a report can be piped.
 * @returns {Codes}
 */
export function typedCodes() {
  // Not a terminal of its own: the interface would write what is typed once more.
  const lines = createInterface({ input: process.stdin, terminal: false });
  const typed = lines[Symbol.asyncIterator]();
  return {
    mark: async () => undefined,
    next: async (phone, hint) => {
      process.stderr.write(
        `A message should have gone to ${masked(phone)} (${hint}). Type its code, or only Enter if none came: `,
      );
      const { value, done } = await typed.next();
      if (done) return null;
      const code = String(value).trim();
      return code === '' ? undefined : code;
    },
    close: () => lines.close(),
  };
}

const LOOKS = 4;
const LOOK_AGAIN_MS = 50;

/**
 * Reads the inbox of an emulator, which has a message before the call that sent it is answered.
 * @param {string} url without a trailing slash
 * @returns {Codes}
 */
export function inboxCodes(url) {
  /** @type {Set<string>} */
  const known = new Set();
  /** @param {string} phone */
  const messages = async (phone) => {
    const answer = await request(`${url}/inbox?phoneNumber=${encodeURIComponent(phone)}`).catch(
      () => undefined,
    );
    if (answer === undefined) throw new BrokenOff('The inbox of --codes-from is out of reach.');
    const body = /** @type {any} */ (await answer.body.json().catch(() => undefined));
    if (!Array.isArray(body?.messages)) {
      throw new Refusal('--codes-from is no inbox: is the switch inboxEndpoint on?');
    }
    return /** @type {{ id: string, code: string }[]} */ (body.messages);
  };
  return {
    mark: async (phone) => {
      for (const { id } of await messages(phone)) known.add(id);
    },
    next: async (phone) => {
      for (let look = 0; look < LOOKS; look += 1) {
        const fresh = (await messages(phone)).findLast(({ id }) => !known.has(id));
        if (fresh !== undefined) return fresh.code;
        await pause(LOOK_AGAIN_MS);
      }
      return undefined;
    },
    close: () => undefined,
  };
}
