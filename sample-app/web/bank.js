import { Refusal, refusalIn } from './refusal.js';

/**
 * @typedef {{ id: string, username: string, phoneNumber: string | null, notices: readonly Notice[] }} Account
 * @typedef {{ text: string, createdAt: string }} Notice
 * @typedef {{ id: string, amount: number, currency: string, payee: string, approvedBy: string, createdAt: string }} Payment
 * @typedef {{ enrolled: boolean, phoneNumber: string | null }} NumberStatus
 * @typedef {{ handle: string, phoneNumber: string, expiresAt: string, resendAfterMs: number }} CodeSent
 */

/** The bank's routes, for the rest of the page. */
export class Bank {
  #fetch;
  /** Whose account the page shows. The bank does nothing for another one. @type {string | null} */
  shown = null;
  /** By how much the bank's clock is ahead of this device's. */
  #aheadMs = 0;

  /** @param {typeof globalThis.fetch} stepUpFetch */
  constructor(stepUpFetch) {
    this.#fetch = stepUpFetch;
  }

  /** @returns {Promise<Account>} of the one that the page shows */
  account() {
    return this.#send('/me');
  }

  /** @returns {Promise<Account>} of whoever is signed in, in this tab or in another */
  currentAccount() {
    return this.#send('/me', {}, null);
  }

  /** @param {string} time ISO 8601, of the bank. @returns {number} Unix milliseconds, of this device */
  here(time) {
    return Date.parse(time) - this.#aheadMs;
  }

  /** @returns {Promise<readonly Payment[]>} */
  payments() {
    return this.#send('/payments');
  }

  /** @returns {Promise<NumberStatus>} */
  number() {
    return this.#send('/whatsapp');
  }

  /**
   * Asks for a code where the server wants one, and sends the same once more.
   *
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>} what the bank answered
   * @throws {Refusal} and what a step-up can end with
   */
  post(path, body = {}) {
    return this.#send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /**
   * @param {string} path
   * @param {{ method?: string, headers?: Record<string, string>, body?: string }} [init]
   * @param {string | null} [account] null: of whoever is signed in
   */
  async #send(path, init = {}, account = this.shown) {
    // Asked before anything is sent: only then it is certain that nothing has happened.
    if (!navigator.onLine) {
      throw new Refusal('offline');
    }
    const headers = { ...init.headers, ...(account === null ? {} : { 'x-account': account }) };
    const answer = await this.#fetch(path, { ...init, headers });
    const sentAt = Date.parse(answer.headers.get('date') ?? '');
    this.#aheadMs = Number.isNaN(sentAt) ? 0 : sentAt - Date.now();
    if (!answer.ok) {
      throw await refusalIn(answer);
    }
    return answer.status === 204
      ? undefined
      : answer.json().catch(() => {
          throw new Refusal('connection_lost');
        });
  }
}
