import { countedMethods, ROUTES } from './routes.mjs';
import { MAX_PROOF_AGE_MS } from './terms.mjs';

/** @typedef {import('./customers.mjs').Wish} Wish */
/** @typedef {import('./customers.mjs').Proof} Proof */
/** @typedef {import('./customers.mjs').Extras} Extras */
/** @typedef {import('./dice.mjs').Dice} Dice */

/** How often each is told, against the others. */
const WEIGHTS = {
  asks: 20,
  proves: 30,
  replays: 10,
  races: 12,
  changes: 10,
  fakes: 6,
  steals: 6,
  hurries: 4,
  usesOther: 4,
  waits: 3,
  digsUp: 4,
  isNobody: 1,
};

const USERS = 300;
const KEPT = 300;

/** What customers do, honest and not. One for each lane; what others have left behind is shared. */
export class Stories {
  #counter;
  #authsignal;
  #now;
  #dice;
  #shared;

  /**
   * @param {{ counter: import('./customers.mjs').Counter, authsignal: import('./authsignal.mjs').Authsignal,
   *   now: () => number, dice: Dice, shared: Shared }} parts
   */
  constructor({ counter, authsignal, now, dice, shared }) {
    this.#counter = counter;
    this.#authsignal = authsignal;
    this.#now = now;
    this.#dice = dice;
    this.#shared = shared;
  }

  async tell() {
    await this[this.#dice.weighted(WEIGHTS)]();
  }

  /** Asks, and perhaps the rules let it through. */
  async asks() {
    await this.#counter.send(this.#wish(), { allowed: this.#dice.chance(0.5), ...this.#failing() });
  }

  async proves() {
    const proof = await this.#proof();
    if (proof !== undefined) {
      await this.#use(proof);
    }
  }

  async replays() {
    const proof = await this.#proof();
    for (let times = 0; proof !== undefined && times < 3; times += 1) {
      await this.#use(proof);
    }
  }

  /** Sends one proof several times at once, also as several tokens of one challenge. */
  async races() {
    const proof = await this.#proof();
    if (proof === undefined) {
      return;
    }
    const other = this.#authsignal.complete(proof.token, 'WHATSAPP');
    const tokens = [proof.token, proof.token, other, proof.token, other];
    // Whichever arrives first is as good as the others.
    proof.sends += 1;
    await Promise.all(
      tokens.slice(this.#dice.below(4)).map((token) => {
        proof.token = token;
        return this.#send(proof);
      }),
    );
  }

  /** Sends something else than what was approved, and then perhaps what was. */
  async changes() {
    const proof = await this.#proof();
    if (proof === undefined) {
      return;
    }
    await this.#counter.send(this.#changed(proof.wish), { proof });
    if (this.#dice.chance(0.5)) {
      await this.#use(proof);
    }
  }

  async fakes() {
    const token = this.#shared.unused.at(-1)?.token ?? 'none';
    /** @type {[string | string[], ...(string | string[])[]]} */
    const junks = [
      [token, token],
      ...['', 'x', 'a.b.c', 'x'.repeat(9_000), 'two words', 'eyJhbGciOiJub25lIn0.e30.', 'null'],
      ...['../../validate', `${token}x!`, token.slice(0, -60), token.toUpperCase()],
    ];
    const junk = this.#dice.pick(junks);
    await this.#counter.send(this.#wish(), { junk });
  }

  /** Sends a proof that somebody else is about to use. */
  async steals() {
    const proof = this.#shared.unused.at(
      this.#dice.below(KEPT) % (this.#shared.unused.length || 1),
    );
    if (proof !== undefined) {
      const user = `thief${this.#dice.below(USERS)}`;
      await this.#counter.send({ ...proof.wish, user }, { proof });
    }
  }

  /** Sends the challenge's own token, which nobody has answered. */
  async hurries() {
    const proof = await this.#proof({ answers: false });
    if (proof !== undefined) {
      await this.#use(proof);
    }
  }

  /** Answers with the method that not every route counts. */
  async usesOther() {
    const proof = await this.#proof({ method: 'SMS' });
    if (proof !== undefined) {
      await this.#use(proof);
    }
  }

  /** Keeps a proof until it is too old, and sends one that is. */
  async waits() {
    const proof = await this.#proof();
    if (proof !== undefined) {
      this.#shared.aging.push(proof);
    }
    const [oldest] = this.#shared.aging;
    if (oldest !== undefined && this.#now() - oldest.askedAt > MAX_PROOF_AGE_MS) {
      this.#shared.aging.shift();
      await this.#use(oldest);
    }
  }

  /** Sends a proof that was used some time ago. */
  async digsUp() {
    const proof = this.#shared.used[this.#dice.below(KEPT)];
    if (proof !== undefined) {
      await this.#use(proof);
    }
  }

  async isNobody() {
    await this.#counter.send({ ...this.#wish(), user: undefined });
  }

  /** @returns {Wish} */
  #wish() {
    const route = this.#dice.pick(ROUTES);
    const { path, body } = route.ask(this.#dice);
    const user = `user${this.#dice.below(USERS)}`;
    return { route, user, session: `session of ${user}`, path, body };
  }

  /** The same with another body, path or session. @param {Wish} wish @returns {Wish} */
  #changed(wish) {
    const { body, path, session } = wish;
    switch (this.#dice.pick(['body', 'path', 'session'])) {
      case 'session':
        return { ...wish, session: `${session}, another` };
      case 'body':
        return body === undefined
          ? { ...wish, body: { all: true } }
          : { ...wish, body: { ...body, amount: 9_999_999, value: 'eve@example.com', limit: -1 } };
      default: {
        const { path: other } = wish.route.ask(this.#dice);
        return { ...wish, path: other === path ? `${path}?` : other, session: `${session}, other` };
      }
    }
  }

  /** @param {{ answers?: boolean, method?: string }} [how] @returns {Promise<Proof | undefined>} */
  async #proof({ answers = true, method = 'WHATSAPP' } = {}) {
    const wish = this.#wish();
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
      keep(this.#shared.unused, proof);
    }
    return proof;
  }

  /** Sends it with what it is for; once more where the guard could not tell. @param {Proof} proof */
  async #use(proof) {
    const answer = await this.#send(proof);
    if (answer.status === 503) {
      await this.#send(proof);
    }
  }

  /** @param {Proof} proof */
  async #send(proof) {
    const answer = await this.#counter.send(proof.wish, { proof, ...this.#failing() });
    if (answer.status === 201) {
      keep(this.#shared.used, proof);
    }
    return answer;
  }

  /** @returns {Pick<Extras, 'failing'>} */
  #failing() {
    return this.#dice.chance(0.12) ? { failing: this.#dice.pick(['throws', '500', '404']) } : {};
  }
}

/** What all lanes share: proofs that are about to be used, that were, and that grow old. */
export class Shared {
  /** @type {Proof[]} */
  unused = [];
  /** @type {Proof[]} */
  used = [];
  /** @type {Proof[]} */
  aging = [];
}

/** @param {Proof[]} kept @param {Proof} proof */
function keep(kept, proof) {
  kept.push(proof);
  if (kept.length > KEPT) {
    kept.shift();
  }
}
