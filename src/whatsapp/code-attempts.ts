import type { Counter, CounterFactory } from './counters.js';
import type { ResolvedLimits } from './resolve-limits.js';
import { takeShares } from './shares.js';

/** A flow and the number that its codes go to. */
export interface Guess {
  readonly flowId: string;
  readonly phoneNumber: string;
}

export type AttemptPermit =
  | { readonly ok: true; readonly giveBack: () => Promise<void> }
  | { readonly ok: false; readonly retryAfterMs: number };

/** No flow is older: the longest life of an Authsignal challenge. */
const FLOW_MS = 3_600_000;

/**
 * Counts guesses before Authsignal is asked: per flow, and per number over all its flows, since a
 * fresh challenge must not mean fresh guesses.
 */
export class CodeAttempts {
  readonly #perFlow: number;
  readonly #flow: Counter;
  readonly #verified: Counter;
  readonly #numbers: readonly Counter[];

  constructor(limits: ResolvedLimits, counters: CounterFactory) {
    this.#perFlow = limits.codesPerFlow;
    this.#flow = counters('code-flow', { max: limits.codesPerFlow, windowMs: FLOW_MS });
    this.#verified = counters('code-verified', { max: 1, windowMs: FLOW_MS });
    this.#numbers = limits.codes.map((limit) => counters('code-number', limit));
  }

  /** Rejects when the store cannot tell. */
  async take({ flowId, phoneNumber }: Guess): Promise<AttemptPermit> {
    const taken = await takeShares([
      { supply: this.#flow, key: flowId },
      ...this.#numbers.map((supply) => ({ supply, key: phoneNumber })),
    ]);
    return taken.ok ? taken : { ok: false, retryAfterMs: taken.retryAfterMs };
  }

  /** Whether the flow takes no code any more: all are used up, or it was verified. */
  async isOver(flowId: string): Promise<boolean> {
    const { count } = await this.#flow.read(flowId);
    return count >= this.#perFlow || (await this.isVerified(flowId));
  }

  /** Why the flow takes no code any more: its code was right, which is no matter of too many. */
  async isVerified(flowId: string): Promise<boolean> {
    return (await this.#verified.read(flowId)).count > 0;
  }

  /** A right code ends the row of wrong ones, and its flow. */
  async verified({ flowId, phoneNumber }: Guess): Promise<void> {
    await this.#verified.take(flowId);
    await this.#flow.exhaust(flowId);
    for (const counter of this.#numbers) {
      await counter.clear(phoneNumber);
    }
  }
}
