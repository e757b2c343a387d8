import { StepUpError } from './errors.js';

/** What the replay store remembers longer, for clocks that differ between machines. */
export const MARGIN_MS = 60_000;

/**
 * How long a used proof must be remembered: until no policy of the gate could accept it any more.
 * Once the first proof is used up, a policy that accepts older proofs than all before it would
 * accept one that the store has forgotten by then, so it is refused.
 */
export class ProofLifetime {
  #longestMs: number;
  #inUse = false;

  constructor(maxProofAgeMs: number) {
    this.#longestMs = maxProofAgeMs;
  }

  /** Takes note of a policy's `maxProofAgeMs`. */
  admit(maxProofAgeMs: number): void {
    if (maxProofAgeMs <= this.#longestMs) {
      return;
    }
    if (this.#inUse) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `\`maxProofAgeMs\` of ${maxProofAgeMs} came after proofs were already used up under ` +
          `${this.#longestMs}. Give the longest one as \`maxProofAgeMs\` to createStepUpGate.`,
      );
    }
    this.#longestMs = maxProofAgeMs;
  }

  /** How long from `now` the store must remember a proof issued at `issuedAt`. */
  ttlMs(issuedAt: number, now: number): number {
    this.#inUse = true;
    return Math.max(issuedAt + this.#longestMs - now, 0) + MARGIN_MS;
  }
}
