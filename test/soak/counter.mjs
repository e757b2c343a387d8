import { Pool } from 'undici';
import { faultOf } from './contract.mjs';

/** @typedef {import('./oracle.mjs').Deed} Deed */
/** @typedef {import('./contract.mjs').Answer} Answer */
/** @typedef {import('./routes.mjs').GuardedRoute} GuardedRoute */

/** @typedef {{ token: string, key: string, sends: number, askedAt: number, wish: Wish }} Proof */

/**
 * What a customer wants done. Two of one user differ by path or body.
 *
 * @typedef {object} Wish
 * @property {GuardedRoute} route
 * @property {string | undefined} user
 * @property {string} session
 * @property {string} path
 * @property {Record<string, unknown> | undefined} body
 */

/**
 * @typedef {object} Extras
 * @property {Proof} [proof]
 * @property {string | string[]} [junk] in place of a proof
 * @property {'throws' | '500' | '404'} [failing]
 * @property {boolean} [allowed] the rules let it through
 */

const MS_PER_REQUEST = 100;

/** Sends requests, counts them, and judges each answer. */
export class Counter {
  #parts;
  #pool;
  sent = 0;

  /**
   * @param {{ url: string, connections: number, tally: import('./tally.mjs').Tally, clock: { advance(ms: number): void },
   *   oracle: import('./oracle.mjs').Oracle, authsignal: import('./authsignal.mjs').Authsignal,
   *   afterEach: (sent: number) => void }} parts
   */
  constructor(parts) {
    this.#parts = parts;
    this.#pool = new Pool(parts.url, { connections: parts.connections });
  }

  close() {
    return this.#pool.destroy();
  }

  /** @param {Wish} wish @param {Extras} [extras] @returns {Promise<Answer>} */
  async send(wish, extras = {}) {
    this.sent += 1;
    this.#parts.clock.advance(MS_PER_REQUEST);
    this.#parts.afterEach(this.sent);
    const request = String(this.sent);
    const { proof, junk, failing } = extras;
    if (proof !== undefined) {
      proof.sends += 1;
    }
    const answer = await this.#exchange(wish, extras, request);
    const fault = faultOf(answer, {
      request,
      action: wish.route.action,
      isSignedIn: wish.user !== undefined,
      hasProof: proof !== undefined || junk !== undefined,
      wasSentBefore: (proof?.sends ?? 0) > 1,
      failing,
    });
    if (fault !== undefined) {
      const { status, text } = answer;
      this.#parts.tally.violation(`outside the contract: ${fault}`, { wish, extras, status, text });
    }
    this.#note(answer, wish);
    return answer;
  }

  /** @param {Wish} wish @param {Extras} extras @param {string} request @returns {Promise<Answer>} */
  async #exchange({ route, user, session, path, body }, extras, request) {
    const { proof, junk, failing, allowed } = extras;
    const sent = proof?.token ?? junk;
    const {
      statusCode,
      headers,
      body: answer,
    } = await this.#pool.request({
      method: /** @type {'POST'} */ (route.method.toUpperCase()),
      path,
      headers: {
        'x-request': request,
        'x-session': session,
        ...(user === undefined ? {} : { 'x-user': user }),
        ...(allowed === true ? { 'x-rules': 'allow' } : {}),
        ...(failing === undefined ? {} : { 'x-fail': failing }),
        ...(sent === undefined ? {} : { 'step-up-proof': sent }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: statusCode, headers, text, json: parsed(text) };
  }

  /** @param {Answer} answer @param {Wish} wish */
  #note({ status, json }, wish) {
    const { oracle, authsignal, tally } = this.#parts;
    tally.count(`answer ${status} ${json?.code ?? (json?.failed ? 'handler failed' : 'done')}`);
    if (json?.code === 'step_up_required') {
      oracle.refused(authsignal.keyOf(json.challenge.token), deedOf(wish));
    }
  }
}

/** @param {Wish} wish @returns {Deed} */
function deedOf({ route, user = '', session, path, body }) {
  return { action: route.action, user, session, method: route.method.toUpperCase(), path, body };
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
