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

  /** @param {typeof globalThis.fetch} stepUpFetch */
  constructor(stepUpFetch) {
    this.#fetch = stepUpFetch;
  }

  /** @returns {Promise<Account>} */
  account() {
    return this.#send('/me');
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
   * @param {RequestInit} [init]
   */
  async #send(path, init) {
    // Asked before anything is sent: only then it is certain that nothing has happened.
    if (!navigator.onLine) {
      throw new Refusal('offline');
    }
    const answer = await this.#fetch(path, init).catch((error) => {
      throw error instanceof TypeError ? new Refusal('connection_lost') : error;
    });
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
