import { randomBytes } from 'node:crypto';

/** The only users that the command touches: made for this run, with a prefix that nobody has. */
export class CheckUsers {
  #service;
  #prefix = `check-${randomBytes(5).toString('hex')}`;
  /** @type {string[]} */
  #ids = [];

  /** @param {import('./service.mjs').Service} service */
  constructor(service) {
    this.#service = service;
  }

  /** The id of one more. */
  next() {
    const userId = `${this.#prefix}-${this.#ids.length + 1}`;
    this.#ids.push(userId);
    return userId;
  }

  /**
   * Deletes them, and what was tracked for them; answers the ids that are left.
   * @returns {Promise<string[]>}
   */
  async deleteAll() {
    /** @type {string[]} */
    const left = [];
    for (const userId of this.#ids) {
      try {
        const path = `/users/${userId}?actions=true`;
        const { status } = await this.#service.server('DELETE', path, undefined, {
          isCleanup: true,
        });
        if (status >= 300 && status !== 404) left.push(userId);
      } catch {
        left.push(...this.#ids.slice(this.#ids.indexOf(userId)));
        break;
      }
    }
    return left;
  }
}
