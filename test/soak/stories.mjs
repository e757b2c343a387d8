import { Customer } from './customer.mjs';
import { MAX_PROOF_AGE_MS } from './terms.mjs';
import { changed, someWish } from './wishes.mjs';

/** @typedef {import('./counter.mjs').Proof} Proof */

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

/** What customers do, honest and not. One for each lane; what others have left behind is shared. */
export class Stories {
  #customer;
  #counter;
  #authsignal;
  #now;
  #dice;
  #shared;

  /** @param {import('./customer.mjs').CustomerParts} parts */
  constructor(parts) {
    this.#customer = new Customer(parts);
    this.#counter = parts.counter;
    this.#authsignal = parts.authsignal;
    this.#now = parts.now;
    this.#dice = parts.dice;
    this.#shared = parts.shared;
  }

  async tell() {
    await this[this.#dice.weighted(WEIGHTS)]();
  }

  /** Asks, and perhaps the rules let it through. */
  async asks() {
    await this.#counter.send(someWish(this.#dice), {
      allowed: this.#dice.chance(0.5),
      ...this.#customer.failing(),
    });
  }

  async proves() {
    const proof = await this.#customer.proof();
    if (proof !== undefined) {
      await this.#customer.use(proof);
    }
  }

  async replays() {
    const proof = await this.#customer.proof();
    for (let times = 0; proof !== undefined && times < 3; times += 1) {
      await this.#customer.use(proof);
    }
  }

  /** Sends one proof several times at once, also as several tokens of one challenge. */
  async races() {
    const proof = await this.#customer.proof();
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
        return this.#customer.send(proof);
      }),
    );
  }

  /** Sends something else than what was approved, and then perhaps what was. */
  async changes() {
    const proof = await this.#customer.proof();
    if (proof === undefined) {
      return;
    }
    await this.#counter.send(changed(proof.wish, this.#dice), { proof });
    if (this.#dice.chance(0.5)) {
      await this.#customer.use(proof);
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
    await this.#counter.send(someWish(this.#dice), { junk });
  }

  /** Sends a proof that somebody else is about to use. */
  async steals() {
    const proof = this.#oneOf(this.#shared.unused);
    if (proof !== undefined) {
      const user = `thief${this.#dice.below(100)}`;
      await this.#counter.send({ ...proof.wish, user }, { proof });
    }
  }

  /** Sends the challenge's own token, which nobody has answered. */
  async hurries() {
    const proof = await this.#customer.proof({ answers: false });
    if (proof !== undefined) {
      await this.#customer.use(proof);
    }
  }

  /** Answers with the method that not every route counts. */
  async usesOther() {
    const proof = await this.#customer.proof({ method: 'SMS' });
    if (proof !== undefined) {
      await this.#customer.use(proof);
    }
  }

  /** Keeps a proof until it is too old, and sends one that is. */
  async waits() {
    const proof = await this.#customer.proof();
    if (proof !== undefined) {
      this.#shared.aging.push(proof);
    }
    const [oldest] = this.#shared.aging;
    if (oldest !== undefined && this.#now() - oldest.askedAt > MAX_PROOF_AGE_MS) {
      this.#shared.aging.shift();
      await this.#customer.use(oldest);
    }
  }

  /** Sends a proof that was used some time ago. */
  async digsUp() {
    const proof = this.#oneOf(this.#shared.used);
    if (proof !== undefined) {
      await this.#customer.use(proof);
    }
  }

  async isNobody() {
    await this.#counter.send({ ...someWish(this.#dice), user: undefined });
  }

  /** @param {readonly Proof[]} proofs */
  #oneOf(proofs) {
    return proofs[this.#dice.below(proofs.length)];
  }
}
