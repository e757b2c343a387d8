/** @typedef {import('./dice.mjs').Dice} Dice */

/**
 * What goes wrong with one call at Authsignal. The first three kinds end without an answer; `*-after` means that the
 * call was carried out all the same.
 *
 * @typedef {'hang' | 'reset-before' | 'reset-after' | '500' | '502-html' | '503-empty' | '429' | '401' | 'redirect'
 *   | 'malformed' | 'empty' | 'missing-fields' | 'wrong-types' | 'slow'} FaultKind
 */

/** @type {Readonly<Record<FaultKind, number>>} */
const WEIGHTS = {
  hang: 2,
  'reset-before': 4,
  'reset-after': 4,
  500: 4,
  '502-html': 4,
  '503-empty': 4,
  429: 2,
  401: 1,
  redirect: 1,
  malformed: 3,
  empty: 3,
  'missing-fields': 4,
  'wrong-types': 4,
  slow: 4,
};

/** Whether the guard calls it a misconfiguration. @param {string} kind */
export const isMisconfiguring = (kind) => kind === '401' || kind === 'redirect';

/** @type {Partial<Readonly<Record<FaultKind, number>>>} */
const OF_A_STORM = { '503-empty': 1, 'reset-before': 1 };

/** So that the circuits open and close again: of so many requests, so many fall into a storm. */
export const STORM_EVERY = 6_000;
const STORM_LASTS = 300;

/** Decides which calls go wrong. */
export class Faults {
  #dice;
  #sent;

  /** @param {Dice} dice @param {() => number} sent how many requests the customers have sent */
  constructor(dice, sent) {
    this.#dice = dice;
    this.#sent = sent;
  }

  /** @returns {FaultKind | undefined} */
  draw() {
    const isStorm = this.#sent() % STORM_EVERY > STORM_EVERY - STORM_LASTS;
    if (!this.#dice.chance(isStorm ? 0.9 : 0.05)) {
      return undefined;
    }
    return this.#dice.weighted(isStorm ? OF_A_STORM : WEIGHTS);
  }
}
