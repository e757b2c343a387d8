import { randomBytes } from 'node:crypto';
import { BrokenOff, NotAsked, Stuck } from './endings.mjs';
import { seen } from './seen.mjs';

/** A mobile number that Ofcom keeps for fiction: it is well formed, and nobody has it. */
export const NOBODYS_PHONE = '+447700900123';
const METHOD = 'WHATSAPP';

/**
 * @typedef {import('./service.mjs').Answer} Answer
 * @typedef {{ userId: string, token: string, state: string, idempotencyKey: string, body: Answer['body'], at: number }} Tracked
 * @typedef {{ challengeId: string, expiresAt: number, code: string | undefined | null, at: number, body: Answer['body'] }} SentChallenge
 * @typedef {{ challengeId: string, userId: string, expiresAt: number }} OwnedChallenge
 */

/** One run of the command: who is asked, what was made for it so far, and what must go again. */
export class Run {
  #prefix = `check-${randomBytes(5).toString('hex')}`;
  /** @type {string[]} */
  #users = [];
  /** @type {Map<string, Promise<any>>} */
  #memory = new Map();
  /** @type {Map<string, number>} */
  #messages = new Map();
  /** @type {Map<string, number>} */
  #codesTried = new Map();
  /**
   * A verified challenge that belongs to a user and that nobody has claimed.
   * @type {OwnedChallenge | undefined}
   */
  unclaimed;

  /**
   * @param {object} parts
   * @param {import('./service.mjs').Service} parts.service
   * @param {import('./command-line.mjs').Options} parts.options
   * @param {import('./command-line.mjs').Keys} parts.keys
   * @param {import('./codes.mjs').Codes | undefined} parts.codes
   * @param {import('./redactor.mjs').Redactor} parts.redactor
   */
  constructor({ service, options, keys, codes, redactor }) {
    this.service = service;
    this.options = options;
    this.keys = keys;
    this.codes = codes;
    this.redactor = redactor;
  }

  get phone() {
    return this.options.phone ?? '';
  }

  /**
   * Does a step that several questions rest on, once. A failure is remembered as well.
   * @template T
   * @param {string} step
   * @param {() => Promise<T>} action
   * @returns {Promise<T>}
   */
  once(step, action) {
    const known = this.#memory.get(step);
    if (known !== undefined) return known;
    const doing = action();
    this.#memory.set(step, doing);
    return doing;
  }

  /**
   * Makes sure that there is somebody to ask.
   * @throws {BrokenOff}
   */
  async checkKeys() {
    const { status } = await this.service.server('GET', `/users/${this.randomName()}`);
    if (status === 401 || status === 403) {
      throw new BrokenOff(
        `Authsignal refuses AUTHSIGNAL_SECRET at this AUTHSIGNAL_URL with ${status}: another region, or another key.`,
      );
    }
    if (status !== 200) {
      throw new BrokenOff(`AUTHSIGNAL_URL answers ${status}; does it end in /v1?`);
    }
    if (this.phone !== '') await this.codes?.mark(this.phone);
  }

  /** An id that nobody has: the only kind of user that this command touches, deleted at its end. */
  user() {
    const userId = `${this.#prefix}-${this.#users.length + 1}`;
    this.#users.push(userId);
    return userId;
  }

  randomName() {
    return `check-${randomBytes(8).toString('hex')}`;
  }

  /**
   * Deletes the users of this run; answers the ids that are left.
   * @returns {Promise<string[]>}
   */
  async deleteUsers() {
    /** @type {string[]} */
    const left = [];
    for (const userId of this.#users) {
      try {
        const path = `/users/${userId}?actions=true`;
        const { status } = await this.service.server('DELETE', path, undefined, {
          isCleanup: true,
        });
        if (status >= 300 && status !== 404) left.push(userId);
      } catch {
        left.push(...this.#users.slice(this.#users.indexOf(userId)));
        break;
      }
    }
    return left;
  }

  /**
   * @param {string} userId
   * @param {object} [attributes]
   * @returns {Promise<Tracked>}
   */
  async track(userId, attributes = {}) {
    const path = `/users/${userId}/actions/${this.options.action}`;
    const answer = succeeded(await this.service.server('POST', path, attributes));
    const { token, state, idempotencyKey } = answer.body;
    if (typeof token !== 'string' || typeof idempotencyKey !== 'string') {
      throw new Stuck(`no token or key came: ${seen(answer)}`);
    }
    const { body, at } = answer;
    return { userId, token, state: String(state), idempotencyKey, body, at };
  }

  /**
   * Tracks, and needs what unconfigured actions answer.
   * @param {string} userId
   * @param {object} [attributes]
   */
  async trackAllowed(userId, attributes = {}) {
    const tracked = await this.track(userId, attributes);
    if (tracked.state !== 'ALLOW') {
      throw new Stuck(`the action answers ${tracked.state}; name one that allows with --action`);
    }
    return tracked;
  }

  /**
   * @param {Tracked} tracked
   * @param {string} state
   */
  async setState({ userId, idempotencyKey }, state) {
    const path = `/users/${userId}/actions/${this.options.action}/${idempotencyKey}`;
    return succeeded(await this.service.server('PATCH', path, { state }));
  }

  /**
   * Enrols a verified authenticator; no message is sent for it.
   * @param {string} userId
   * @param {object} authenticator
   */
  async enrol(userId, authenticator) {
    const path = `/users/${userId}/authenticators`;
    return succeeded(await this.service.server('POST', path, authenticator));
  }

  /**
   * @param {string} userId
   * @param {string} phoneNumber
   */
  enrolWhatsApp(userId, phoneNumber) {
    return this.enrol(userId, { verificationMethod: METHOD, phoneNumber });
  }

  /** @param {string} userId */
  async methodsOf(userId) {
    const answer = succeeded(await this.service.server('GET', `/users/${userId}/authenticators`));
    return answer.list.map(({ verificationMethod }) => String(verificationMethod));
  }

  /**
   * What the portal has switched on, by the attributes of a user that nobody has heard of.
   * @returns {Promise<readonly string[]>}
   */
  enabledMethods() {
    return this.once('enabled methods', async () => {
      const answer = succeeded(await this.service.server('GET', `/users/${this.randomName()}`));
      const methods = answer.body.allowedVerificationMethods;
      return Array.isArray(methods) ? methods.map(String) : [];
    });
  }

  /**
   * A message through the Server API, to `phone`, and its code if there is somebody to read it.
   * @param {object} request
   * @param {string} hint
   * @returns {Promise<SentChallenge>}
   */
  async sendServerChallenge(request, hint) {
    const phoneNumber = this.phone;
    await this.codes?.mark(phoneNumber);
    const { action } = this.options;
    const body = { verificationMethod: METHOD, action, phoneNumber, ...request };
    const answer = succeeded(await this.challenge(body));
    const { challengeId, expiresAt } = answer.body;
    if (typeof challengeId !== 'string') throw new Stuck(`no challengeId came: ${seen(answer)}`);
    const code = await this.#read(phoneNumber, hint);
    return { challengeId, expiresAt: Number(expiresAt), code, at: answer.at, body: answer.body };
  }

  /**
   * `POST /challenge`, whatever it answers; a message is counted if it was accepted.
   * @param {{ phoneNumber?: string } & Record<string, unknown>} body
   * @param {{ mayBeLimited?: boolean }} [how]
   */
  async challenge(body, how) {
    const answer = await this.service.server('POST', '/challenge', body, how);
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
    await this.codes?.mark(phoneNumber);
    const answer = await this.service.client('/challenge/whatsapp', token, undefined, how);
    if (answer.status < 300) count(this.#messages, phoneNumber);
    return { answer, read: (/** @type {string} */ hint) => this.#read(phoneNumber, hint) };
  }

  /**
   * @param {string} challengeId
   * @param {string} verificationCode
   */
  verify(challengeId, verificationCode) {
    count(this.#codesTried, this.phone);
    return this.service.server('POST', '/verify', { challengeId, verificationCode });
  }

  /**
   * @param {Tracked} tracked
   * @param {string} verificationCode
   * @param {string} [phoneNumber]
   * @param {{ mayBeLimited?: boolean }} [how]
   */
  clientVerify({ token }, verificationCode, phoneNumber = this.phone, how = {}) {
    count(this.#codesTried, phoneNumber);
    return this.service.client('/verify/whatsapp', token, { verificationCode }, how);
  }

  /** @param {Tracked} tracked */
  validate({ token }) {
    return this.service.server('POST', '/validate', { token });
  }

  /** @param {string} phone */
  messagesTo(phone) {
    return this.#messages.get(phone) ?? 0;
  }

  /** @param {string} phone */
  codesTriedFor(phone) {
    return this.#codesTried.get(phone) ?? 0;
  }

  get messages() {
    return [...this.#messages.values()].reduce((sum, sent) => sum + sent, 0);
  }

  /**
   * @param {string} phoneNumber
   * @param {string} hint
   */
  async #read(phoneNumber, hint) {
    const code = await this.codes?.next(phoneNumber, hint);
    if (code && code.length > 3) this.redactor.addCode(code);
    return code;
  }
}

/**
 * @param {Answer} answer
 * @returns {Answer}
 * @throws {Stuck}
 */
export function succeeded(answer) {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Stuck(`a step before it was refused: ${answer.call} ${seen(answer)}`);
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
