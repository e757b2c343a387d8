import { randomName } from './random-name.mjs';
import { succeeded } from './succeeded.mjs';

/** What users have enrolled, and what the portal lets them enrol. */
export class Authenticators {
  #service;
  /** @type {Promise<readonly string[]> | undefined} */
  #enabled;

  /** @param {import('./service.mjs').Service} service */
  constructor(service) {
    this.#service = service;
  }

  /**
   * Enrols a verified authenticator; no message is sent for it.
   * @param {string} userId
   * @param {object} authenticator
   */
  async enrol(userId, authenticator) {
    const path = `/users/${userId}/authenticators`;
    return succeeded(await this.#service.server('POST', path, authenticator));
  }

  /**
   * @param {string} userId
   * @param {string} phoneNumber
   */
  enrolWhatsApp(userId, phoneNumber) {
    return this.enrol(userId, { verificationMethod: 'WHATSAPP', phoneNumber });
  }

  /** @param {string} userId */
  async methodsOf(userId) {
    const answer = succeeded(await this.#service.server('GET', `/users/${userId}/authenticators`));
    return answer.list.map(({ verificationMethod }) => String(verificationMethod));
  }

  /**
   * The methods that are switched on, by what is told of a user that nobody has heard of.
   * @returns {Promise<readonly string[]>}
   */
  enabled() {
    this.#enabled ??= this.#readEnabled();
    return this.#enabled;
  }

  async #readEnabled() {
    const answer = succeeded(await this.#service.server('GET', `/users/${randomName()}`));
    const methods = answer.body.allowedVerificationMethods;
    return Array.isArray(methods) ? methods.map(String) : [];
  }
}
