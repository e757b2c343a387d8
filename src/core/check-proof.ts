import { isActionState, type ValidateAnswer } from './authsignal-port.js';
import type { Binding } from './binding.js';
import type { PreparedRequest } from './prepare-request.js';
import type { ResolvedPolicy } from './resolve-policy.js';
import type { ProofRefusal } from './wire.js';

export type ProofCheck =
  | {
      readonly outcome: 'counts';
      readonly proofId: string;
      readonly method: string | undefined;
      readonly issuedAt: number;
    }
  | { readonly outcome: 'refused'; readonly reason: ProofRefusal }
  /** The challenge was completed and Authsignal still does not count it. */
  | { readonly outcome: 'failed' };

/** How far ahead of our clock another machine's may run. */
const TOLERANCE_MS = 60_000;

const refused = (reason: ProofRefusal): ProofCheck => ({ outcome: 'refused', reason });

/**
 * Whether what `validateChallenge` answered is a proof for this very request. Pure.
 *
 * A field that is missing, of another type or unknown refuses; `isValid` alone never approves. Not
 * burned yet is the one condition that is left to the caller.
 */
export function checkProof(
  answer: ValidateAnswer,
  against: {
    readonly prepared: PreparedRequest;
    readonly policy: Pick<ResolvedPolicy, 'methods' | 'maxProofAgeMs' | 'requireChallenge'>;
    readonly binding: Binding;
    readonly now: number;
  },
): ProofCheck {
  const { prepared, policy, binding, now } = against;
  const { state, userId, action, idempotencyKey } = answer;
  const method: unknown = answer.verificationMethod;
  if (!isActionState(state) || typeof idempotencyKey !== 'string' || !isTextOrMissing(method)) {
    return refused('proof_invalid');
  }
  if (userId !== prepared.subject || action !== prepared.action) {
    return refused('proof_invalid');
  }
  const bound = binding.check(idempotencyKey, prepared.context);
  if (bound.outcome !== 'bound') {
    return refused(bound.outcome === 'mismatch' ? 'binding_mismatch' : 'proof_invalid');
  }
  const age = checkAge(answer, bound.issuedAt, policy.maxProofAgeMs, now);
  if (age !== undefined) {
    return refused(age);
  }
  if (state === 'ALLOW' && policy.requireChallenge) {
    return { outcome: 'failed' };
  }
  if (state === 'CHALLENGE_REQUIRED') {
    return refused('challenge_pending');
  }
  if (state !== 'CHALLENGE_SUCCEEDED' || answer.isValid !== true) {
    return refused('proof_invalid');
  }
  if (policy.methods !== undefined && (method === undefined || !policy.methods.includes(method))) {
    return refused('method_not_allowed');
  }
  return { outcome: 'counts', proofId: idempotencyKey, method, issuedAt: bound.issuedAt };
}

function isTextOrMissing(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

/** Written so that a time or a clock that is NaN refuses. */
function checkAge(
  answer: ValidateAnswer,
  issuedAt: number,
  maxAgeMs: number,
  now: number,
): ProofRefusal | undefined {
  const updatedAt: unknown = answer.stateUpdatedAt;
  const times = [issuedAt];
  if (updatedAt !== undefined) {
    times.push(typeof updatedAt === 'string' ? Date.parse(updatedAt) : Number.NaN);
  }
  if (!times.every((time) => time <= now + TOLERANCE_MS)) {
    return 'proof_invalid';
  }
  return times.every((time) => now - time <= maxAgeMs) ? undefined : 'proof_expired';
}
