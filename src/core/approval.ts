import type { BoundValue } from './bound-values.js';

/** What a handler is told about the request that it may carry out. */
export interface Approval<Body = unknown> {
  readonly action: string;
  /** The user id. `null` only where `by` is `skipped` or `observed` and nobody was found. */
  readonly subject: string | null;
  /**
   * - `rules`: Authsignal allowed the action without a challenge.
   * - `challenge`: the user passed a challenge for exactly this request, and the proof is used up.
   * - `skipped`: the policy's `skip` said so.
   * - `observed`: `mode: 'observe'` let through what would have been refused.
   * - `unavailable`: Authsignal was out of reach and the policy says `whenUnavailable: 'allow'`.
   */
  readonly by: 'rules' | 'challenge' | 'observed' | 'skipped' | 'unavailable';
  /** With `by: 'challenge'`: unique to the proof, a ready idempotency key for what the handler does. */
  readonly proofId?: string;
  /** With `by: 'challenge'`: the verification method, such as `WHATSAPP`. */
  readonly method?: string;
  /**
   * With a policy's `body`: its validated private copy, the one that `bind` saw. Otherwise the
   * request's parsed body. (`observe` hands over an invalid body as it came.)
   */
  readonly body: Body;
  /** The values that were bound: what `bind` returned, or `undefined` for the raw query and body. */
  readonly bound: BoundValue | undefined;
}
