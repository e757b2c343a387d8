import { NotAsked, Stuck } from './endings.mjs';
import { seen } from './seen.mjs';
import { succeeded } from './succeeded.mjs';

/**
 * @typedef {import('./answer.mjs').Answer} Answer
 * @typedef {import('./tracked-actions.mjs').Tracked} Tracked
 *
 * @typedef {object} SentChallenge
 * @property {string} challengeId
 * @property {number} expiresAt Unix seconds
 * @property {string | undefined | null} code as its source gave it
 * @property {number} at Unix milliseconds by the service's clock
 */

/** Challenges that send a message, the codes that came with them, and how many there were. */
export class Messages {
  #service;
  #codes;
  #redactor;
  #defaults;
  /** @type {Map<string, number>} */
  #messages = new Map();
  /** @type {Map<string, number>} */
  #codesTried = new Map();

  /**
   * @param {object} parts
   * @param {import('./service.mjs').Service} parts.service
   * @param {import('./codes.mjs').Codes | undefined} parts.codes
   * @param {import('./redactor.mjs').Redactor} parts.redactor
   * @param {{ action: string, phone: string }} parts.defaults
   */
  constructor({ service, codes, redactor, defaults }) {
    this.#service = service;
    this.#codes = codes;
    this.#redactor = redactor;
    this.#defaults = defaults;
  }

  /**
   * A message through the Server API, to `phone`, and its code if there is somebody to read it.
   * @param {object} request
   * @param {string} hint
   * @returns {Promise<SentChallenge>}
   */
  async sendServerChallenge(request, hint) {
    const phoneNumber = this.#defaults.phone;
    await this.#codes?.mark(phoneNumber);
    const { action } = this.#defaults;
    const body = { verificationMethod: 'WHATSAPP', action, phoneNumber, ...request };
    const answer = succeeded(await this.challenge(body));
    const { challengeId, expiresAt } = answer.body;
    if (typeof challengeId !== 'string') throw new Stuck(`no challengeId came: ${seen(answer)}`);
    const code = await this.#read(phoneNumber, hint);
    return { challengeId, expiresAt: Number(expiresAt), code, at: answer.at };
  }

  /**
   * `POST /challenge`, whatever it answers; a message is counted if it was accepted.
   * @param {{ phoneNumber?: string } & Record<string, unknown>} body
   * @param {{ mayBeLimited?: boolean }} [how]
   */
  async challenge(body, how) {
    const answer = await this.#service.server('POST', '/challenge', body, how);
    if (answer.status < 300 && body.phoneNumber !== undefined) {
      count(this.#messages, body.phoneNumber);
    }
    return answer;
  }

  /**
   * A message through the Client API; `read` asks for its code, undefined if none arrived.
   * @param {Tracked} tracked
   * @param {string} phoneNumber where it should go
   * @param {{ mayBeLimited?: boolean }} [how]
   */
  async sendClientChallenge({ token }, phoneNumber, how) {
    await this.#codes?.mark(phoneNumber);
    const answer = await this.#service.client('/challenge/whatsapp', token, undefined, how);
    if (answer.status < 300) count(this.#messages, phoneNumber);
    return { answer, read: (/** @type {string} */ hint) => this.#read(phoneNumber, hint) };
  }

  /**
   * @param {string} challengeId
   * @param {string} verificationCode
   */
  verify(challengeId, verificationCode) {
    count(this.#codesTried, this.#defaults.phone);
    return this.#service.server('POST', '/verify', { challengeId, verificationCode });
  }

  /**
   * @param {Tracked} tracked
   * @param {string} verificationCode
   * @param {string} [phoneNumber]
   * @param {{ mayBeLimited?: boolean }} [how]
   */
  clientVerify({ token }, verificationCode, phoneNumber = this.#defaults.phone, how = {}) {
    count(this.#codesTried, phoneNumber);
    return this.#service.client('/verify/whatsapp', token, { verificationCode }, how);
  }

  /** @param {string} phone */
  sentTo(phone) {
    return this.#messages.get(phone) ?? 0;
  }

  /** @param {string} phone */
  codesTriedFor(phone) {
    return this.#codesTried.get(phone) ?? 0;
  }

  /**
   * @param {string} phoneNumber
   * @param {string} hint
   */
  async #read(phoneNumber, hint) {
    const code = await this.#codes?.next(phoneNumber, hint);
    if (code && code.length > 3) this.#redactor.addCode(code);
    return code;
  }

  get total() {
    return [...this.#messages.values()].reduce((sum, sent) => sum + sent, 0);
  }
}

/**
 * @param {string | undefined | null} code
 * @returns {string}
 * @throws {NotAsked}
 */
export function typed(code) {
  if (!code) throw new NotAsked('no code was given for its message');
  return code;
}

/**
 * @param {Map<string, number>} counts
 * @param {string} key
 */
function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
