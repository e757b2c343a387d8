import { Stuck } from './endings.mjs';
import { seen } from './seen.mjs';
import { succeeded } from './succeeded.mjs';

/**
 * @typedef {import('./answer.mjs').Answer} Answer
 * @typedef {object} Tracked
 * @property {string} userId
 * @property {string} token
 * @property {string} state
 * @property {string} idempotencyKey
 * @property {Answer['body']} body
 */

/** `track` and what follows from it, for the action of `--action`. */
export class TrackedActions {
  #service;
  #action;

  /**
   * @param {import('./service.mjs').Service} service
   * @param {string} action
   */
  constructor(service, action) {
    this.#service = service;
    this.#action = action;
  }

  /**
   * @param {string} userId
   * @param {object} [attributes]
   * @returns {Promise<Tracked>}
   */
  async track(userId, attributes = {}) {
    const path = `/users/${userId}/actions/${this.#action}`;
    const answer = succeeded(await this.#service.server('POST', path, attributes));
    const { token, state, idempotencyKey } = answer.body;
    if (typeof token !== 'string' || typeof idempotencyKey !== 'string') {
      throw new Stuck(`no token or key came: ${seen(answer)}`);
    }
    return { userId, token, state: String(state), idempotencyKey, body: answer.body };
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
    const path = `/users/${userId}/actions/${this.#action}/${idempotencyKey}`;
    return succeeded(await this.#service.server('PATCH', path, { state }));
  }

  /** @param {Tracked} tracked */
  validate({ token }) {
    return this.#service.server('POST', '/validate', { token });
  }
}
