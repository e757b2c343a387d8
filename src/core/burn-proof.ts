import { withinDeadline } from './deadline.js';
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
  const { proofId, method } = proof;
  const burned = await burn(evaluation, proof);
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

async function burn(evaluation: Evaluation, proof: CountingProof): Promise<boolean | undefined> {
  const { replayStore, lifetime, clock, timeoutMs } = evaluation.options;
  const ttlMs = lifetime.ttlMs(proof.issuedAt, clock.now());
  try {
    const burned: unknown = await withinDeadline(
      replayStore.burn(proof.proofId, evaluation.id, ttlMs),
      timeoutMs,
    );
    if (typeof burned !== 'boolean') {
      throw new TypeError(`burn() answered neither true nor false but a ${typeof burned}`);
    }
    evaluation.options.storeHealth.state = 'working';
    return burned;
  } catch (error) {
    storeFailed(evaluation, 'burn', error);
    return undefined;
  }
}

async function returnProof(evaluation: Evaluation, proofId: string): Promise<void> {
  const { replayStore, timeoutMs } = evaluation.options;
  try {
    await withinDeadline(replayStore.restore(proofId, evaluation.id), timeoutMs);
    evaluation.report({ type: 'proof_returned', proofId });
  } catch (error) {
    storeFailed(evaluation, 'restore', error);
  }
}

function storeFailed(evaluation: Evaluation, step: 'burn' | 'restore', error: unknown): void {
  const description = evaluation.describe(error);
  evaluation.options.storeHealth.state = 'failing';
  evaluation.report({ type: 'replay_store_failed', step, error: description });
  evaluation.warn(`the replay store failed to ${step} a proof: ${description}`, 'error');
}
