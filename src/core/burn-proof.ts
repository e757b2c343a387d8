import { burnOnce, restoreBurn } from './burn-once.js';
import type { Evaluation } from './evaluation.js';
import { unavailable } from './unavailable.js';
import type { Verdict } from './verdict.js';

/** A proof that counts, and when its challenge was issued. */
export interface CountingProof {
  readonly proofId: string;
  readonly method: string | undefined;
  readonly issuedAt: number;
}

/** Uses the proof up, in one atomic step before the handler. Only a plain `true` approves. */
export async function burnProof(
  evaluation: Evaluation,
  who: { readonly action: string; readonly subject: string },
  proof: CountingProof,
): Promise<Verdict> {
  const { proofId, method, issuedAt } = proof;
  const { lifetime, clock } = evaluation.options;
  const ttlMs = lifetime.ttlMs(issuedAt, clock.now());
  const burned = await burnOnce(evaluation, 'a proof', proofId, ttlMs);
  if (burned === undefined) {
    return unavailable();
  }
  if (!burned) {
    evaluation.report({ type: 'proof_replayed', proofId });
    return { kind: 'consumed', action: who.action };
  }
  evaluation.report({ type: 'proof_burned', proofId });
  return {
    kind: 'approved',
    approval: {
      action: who.action,
      subject: who.subject,
      by: 'challenge',
      proofId,
      ...(method === undefined ? {} : { method }),
      body: evaluation.body,
      bound: evaluation.bound,
    },
    ...(evaluation.policy.returnProofOnFailure
      ? { returnProof: () => returnProof(evaluation, proofId) }
      : {}),
  };
}

async function returnProof(evaluation: Evaluation, proofId: string): Promise<void> {
  if (await restoreBurn(evaluation, 'a proof', proofId)) {
    evaluation.report({ type: 'proof_returned', proofId });
  }
}
