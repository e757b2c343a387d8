/** @typedef {import('./counter.mjs').Proof} Proof */

const MOST = 300;

/** What customers leave lying about for others: proofs that are about to be used, that were, and that grow old. */
export class LeftBehind {
  /** @type {Proof[]} */
  unused = [];
  /** @type {Proof[]} */
  used = [];
  /** @type {Proof[]} */
  aging = [];

  /** @param {'unused' | 'used'} kind @param {Proof} proof */
  keep(kind, proof) {
    this[kind].push(proof);
    if (this[kind].length > MOST) {
      this[kind].shift();
    }
  }
}
