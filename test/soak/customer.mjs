import { countedMethods } from './routes.mjs';
import { someWish } from './wishes.mjs';

/** @typedef {import('./counter.mjs').Extras} Extras */
/** @typedef {import('./counter.mjs').Proof} Proof */

/**
 * @typedef {object} CustomerParts
 * @property {import('./counter.mjs').Counter} counter
 * @property {import('./authsignal.mjs').Authsignal} authsignal
 * @property {() => number} now
 * @property {import('./dice.mjs').Dice} dice
 * @property {import('./left-behind.mjs').LeftBehind} shared
 */

/** Asks, answers challenges, and sends proofs. */
export class Customer {
  #counter;
  #authsignal;
  #now;
  #dice;
  #shared;

  /** @param {CustomerParts} parts */
  constructor({ counter, authsignal, now, dice, shared }) {
    this.#counter = counter;
    this.#authsignal = authsignal;
    this.#now = now;
    this.#dice = dice;
    this.#shared = shared;
  }

  /**
   * Has a request refused and, if it is to, answers its challenge.
   *
   * @param {{ answers?: boolean, method?: string }} [how]
   * @returns {Promise<Proof | undefined>}
   */
  async proof({ answers = true, method = 'WHATSAPP' } = {}) {
    const wish = someWish(this.#dice);
    const askedAt = this.#now();
    const { json } = await this.#counter.send(wish);
    if (json?.code !== 'step_up_required') {
      return undefined;
    }
    const { token } = json.challenge;
    const sent = answers ? this.#authsignal.complete(token, method) : token;
    const key = this.#authsignal.keyOf(token);
    const proof = { token: sent, key, sends: 0, askedAt, wish };
    if (answers && countedMethods(wish.route).includes(method)) {
      this.#shared.keep('unused', proof);
    }
    return proof;
  }

  /** Sends it with what it is for; once more where the guard could not tell. @param {Proof} proof */
  async use(proof) {
    const answer = await this.send(proof);
    if (answer.status === 503) {
      await this.send(proof);
    }
  }

  /** @param {Proof} proof */
  async send(proof) {
    const answer = await this.#counter.send(proof.wish, { proof, ...this.failing() });
    if (answer.status === 201) {
      this.#shared.keep('used', proof);
    }
    return answer;
  }

  /** @returns {Pick<Extras, 'failing'>} */
  failing() {
    return this.#dice.chance(0.12) ? { failing: this.#dice.pick(['throws', '500', '404']) } : {};
  }
}
