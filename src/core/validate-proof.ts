import type { ValidateAnswer } from './authsignal-port.js';
import { burnProof } from './burn-proof.js';
import { callAuthsignal } from './call-authsignal.js';
import type { CallFailure } from './call-result.js';
import { checkProof, type ProofCheck } from './check-proof.js';
import type { Evaluation } from './evaluation.js';
import type { PreparedRequest } from './prepare-request.js';
import { setupHint } from './setup-hint.js';
import { unavailable } from './unavailable.js';
import type { Verdict } from './verdict.js';
import type { ProofRefusal } from './wire.js';

/** A verdict, or the reason why `track` must decide after all. */
export type ProofOutcome =
  | { readonly settled: true; readonly verdict: Verdict }
  | { readonly settled: false; readonly reason: ProofRefusal };

/** Checks the proof that came with a request and, if it counts, uses it up. */
export async function validateProof(
  evaluation: Evaluation,
  prepared: PreparedRequest,
  token: string,
): Promise<ProofOutcome> {
  const { options, policy } = evaluation;
  const { action, subject } = prepared;
  const result = await callAuthsignal('validateChallenge', () =>
    options.port.validateChallenge({ token, userId: subject, action }),
  );
  if (!result.ok) {
    evaluation.report({ type: 'authsignal_failed', failure: result.failure });
    return failed(evaluation, result.failure);
  }
  const now = options.clock.now();
  const check = checkProof(result.value, { prepared, policy, now, binding: options.binding });
  return settle(evaluation, prepared, check, { answer: result.value, token, now });
}

async function settle(
  evaluation: Evaluation,
  prepared: PreparedRequest,
  check: ProofCheck,
  sent: { readonly answer: ValidateAnswer; readonly token: string; readonly now: number },
): Promise<ProofOutcome> {
  switch (check.outcome) {
    case 'counts':
      return { settled: true, verdict: await burnProof(evaluation, prepared, check) };
    case 'failed':
      return { settled: true, verdict: { kind: 'failed', action: prepared.action } };
    case 'refused': {
      const expired = check.reason === 'proof_invalid' && looksExpired(sent.token, sent.now);
      return { settled: false, reason: expired ? 'proof_expired' : check.reason };
    }
  }
}

/**
 * A proof that could not be checked is neither used up nor forgotten. One that Authsignal rejects
 * is no proof; should the secret be what is wrong, `track` will tell.
 */
function failed(evaluation: Evaluation, failure: CallFailure): ProofOutcome {
  switch (failure.kind) {
    case 'rejected':
    case 'unauthorized':
    case 'wrong_shape':
      return { settled: false, reason: 'proof_invalid' };
    case 'unexpected_status':
      evaluation.warn(setupHint(failure), 'error');
      return { settled: true, verdict: { kind: 'misconfigured' } };
    default:
      return { settled: true, verdict: unavailable(failure) };
  }
}

/**
 * Reads the `exp` of a token that Authsignal has already refused, to tell the client whether a new
 * round makes sense. Nothing else depends on it: the signature is not checked here.
 */
function looksExpired(token: string, now: number): boolean {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    const exp: unknown =
      typeof claims === 'object' && claims !== null ? Reflect.get(claims, 'exp') : undefined;
    return typeof exp === 'number' && exp * 1000 <= now;
  } catch {
    return false;
  }
}
