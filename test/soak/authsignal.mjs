import { once } from 'node:events';
import { createServer } from 'node:http';
import { respond } from './respond.mjs';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {{ key: string, user: string, action: string, state: string, method?: string }} Action */

const METHODS = ['WHATSAPP', 'SMS'];
const MOST_ACTIONS = 12_000;

/** Authsignal's `track`, `validate` and `updateAction` over HTTP, which fail as `faults` says. */
export class Authsignal {
  #parts;
  /** @type {Map<string, Action>} by idempotency key */
  #actions = new Map();
  #server = createServer((request, response) => void this.#receive(request, response));
  #issued = 0;

  /** @param {{ oracle: import('./oracle.mjs').Oracle, faults: import('./faults.mjs').Faults, tally: import('./tally.mjs').Tally, now: () => number }} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#server.keepAliveTimeout = 600_000;
  }

  async start() {
    this.#server.listen(0, '127.0.0.1', 1024);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    const port = address === null || typeof address === 'string' ? 0 : address.port;
    return `http://127.0.0.1:${port}/v1`;
  }

  async stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** The idempotency key that a token is for. @param {string} token */
  keyOf(token) {
    return token.split('.')[1] ?? '';
  }

  /** The user answers the challenge. @param {string} token @param {string} method @returns {string} the proof */
  complete(token, method) {
    const key = this.keyOf(token);
    const found = this.#actions.get(key);
    if (found !== undefined && found.state === 'CHALLENGE_REQUIRED') {
      found.state = 'CHALLENGE_SUCCEEDED';
      found.method = method;
      this.#parts.oracle.completed(key, method);
    }
    return this.#tokenOf(key);
  }

  /** @param {string} key */
  #tokenOf(key) {
    this.#issued += 1;
    return `soak.${key}.${this.#issued}`;
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async #receive(request, response) {
    try {
      request.setEncoding('utf8');
      let text = '';
      for await (const part of request) {
        text += part;
      }
      const fault = this.#parts.faults.draw();
      if (fault !== undefined) {
        this.#parts.tally.count(`fault ${fault}`);
      }
      const work = () => this.#answer(request.method ?? '', request.url ?? '', JSON.parse(text));
      await respond(response, fault, work);
    } catch (error) {
      // A client that gave up in the middle is a part of the weather.
      if (!request.destroyed) {
        this.#parts.tally.violation('the stand-in itself failed', String(error));
      }
      response.destroy();
    }
  }

  /** @param {string} method @param {string} url @param {Record<string, any>} body */
  #answer(method, url, body) {
    if (url.endsWith('/validate')) {
      return this.#validate(body);
    }
    const [, , , user = '', , action = '', key] = url.split('/').map(decodeURIComponent);
    return method === 'PATCH' ? this.#update(key ?? '', body) : this.#track(user, action, body);
  }

  /** @param {string} user @param {string} action @param {Record<string, any>} body */
  #track(user, action, { idempotencyKey: key, custom }) {
    // Rules that let some through, so that this way in is exercised as well.
    const state = custom.allow === true ? 'ALLOW' : 'CHALLENGE_REQUIRED';
    this.#actions.set(key, { key, user, action, state });
    if (this.#actions.size > MOST_ACTIONS) {
      this.#actions.delete(String(this.#actions.keys().next().value));
    }
    this.#parts.oracle.asked(key, user, action);
    if (state === 'ALLOW' && custom.raised !== true) {
      this.#parts.oracle.allowed(custom.request);
    }
    return {
      state,
      url: 'https://mfa.authsignal.com/soak?x=1',
      token: this.#tokenOf(key),
      isEnrolled: true,
      idempotencyKey: key,
      allowedVerificationMethods: METHODS,
      enrolledVerificationMethods: METHODS,
    };
  }

  /** @param {string} key @param {Record<string, any>} body */
  #update(key, { state }) {
    const found = this.#actions.get(key);
    if (found !== undefined) {
      found.state = state;
    }
    return { state, createdAt: this.#moment(), stateUpdatedAt: this.#moment() };
  }

  /** @param {Record<string, any>} body */
  #validate({ token, userId, action }) {
    const found = this.#actions.get(this.keyOf(token));
    if (found === undefined) {
      return { isValid: false, error: 'Token is invalid.' };
    }
    if (found.user !== userId) {
      return { isValid: false, error: 'User is invalid.' };
    }
    if (found.action !== action) {
      return { isValid: false, error: 'Action is invalid.' };
    }
    const { key, user, state, method } = found;
    const rest = method === undefined ? {} : { verificationMethod: method };
    const isValid = state === 'CHALLENGE_SUCCEEDED';
    return { isValid, state, userId: user, action, idempotencyKey: key, ...rest };
  }

  #moment() {
    return new Date(this.#parts.now()).toISOString();
  }
}
