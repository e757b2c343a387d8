import type { ChallengeOffer, ProofRefusal } from '../core/wire.js';

/** What the user is to confirm. */
export interface StepUpPrompt {
  /** The action code, such as `createPayment`. */
  readonly action: string;
  readonly challenge: ChallengeOffer;
  /** Why an earlier proof did not count: set when the same request prompts again. */
  readonly reason?: ProofRefusal;
  /** Aborts when the caller of `fetch` no longer waits. Close the prompt then. */
  readonly signal: AbortSignal;
}

/**
 * Has the user answer a challenge.
 *
 * @returns the proof, or `undefined` (or an empty string) if the user gave up.
 */
export type StepUpChallenge = (
  prompt: StepUpPrompt,
) => string | undefined | Promise<string | undefined>;
