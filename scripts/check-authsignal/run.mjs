import { Authenticators } from './authenticators.mjs';
import { CheckUsers } from './check-users.mjs';
import { BrokenOff } from './endings.mjs';
import { Messages } from './messages.mjs';
import { randomName } from './random-name.mjs';
import { TrackedActions } from './tracked-actions.mjs';

/** A mobile number that Ofcom keeps for fiction: it is well formed, and nobody has it. */
export const NOBODYS_PHONE = '+447700900123';

/** @typedef {{ challengeId: string, userId: string, expiresAt: number }} OwnedChallenge */

/** One run of the command: who is asked, with what, and what is known so far. */
export class Run {
  /** @type {Map<string, Promise<any>>} */
  #memory = new Map();
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
    /** Empty if there is none; questions that need it are not asked then. */
    this.phone = options.phone ?? '';
    this.users = new CheckUsers(service);
    this.actions = new TrackedActions(service, options.action);
    this.authenticators = new Authenticators(service);
    const defaults = { action: options.action, phone: this.phone };
    this.messages = new Messages({ service, codes, redactor, defaults });
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
    const { status } = await this.service.server('GET', `/users/${randomName()}`);
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
}
