import { call } from './answer.js';

/** @typedef {import('./session.js').Method} Method */

const SEGMENTS = { WHATSAPP: 'whatsapp', SMS: 'sms', EMAIL_OTP: 'email-otp' };

/** The Client API as this page calls it, and what that cannot tell. */
export class Authsignal {
  #token;
  #failed;

  /**
   * @param {string} token
   * @param {(errorCode: string, statusCode: number) => void} failed called for each refusal
   */
  constructor(token, failed) {
    this.#token = token;
    this.#failed = failed;
  }

  session() {
    return this.#call('GET', '/challenge/session');
  }

  /** @param {Method} method */
  send(method) {
    return this.#call('POST', `/v1/client/challenge/${SEGMENTS[method]}`);
  }

  /** @param {Method} method @param {string} verificationCode */
  verify(method, verificationCode) {
    return this.#call('POST', `/v1/client/verify/${SEGMENTS[method]}`, { verificationCode });
  }

  /** @param {Method} method @param {string} phoneNumber */
  add(method, phoneNumber) {
    return method === 'WHATSAPP'
      ? this.#call('POST', '/challenge/enrolment', { phoneNumber })
      : this.#call('POST', `/v1/client/user-authenticators/${SEGMENTS[method]}`, { phoneNumber });
  }

  /** @param {'GET' | 'POST'} method @param {string} path @param {object} [body] */
  async #call(method, path, body) {
    const answer = await call(this.#token, method, path, body);
    if (answer.kind === 'refused') this.#failed(answer.code, answer.status);
    return answer;
  }
}
