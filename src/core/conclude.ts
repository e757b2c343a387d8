import type { Approval } from './approval.js';
import { StepUpError } from './errors.js';
import type { Evaluation } from './evaluation.js';
import { renderVerdict } from './render-verdict.js';
import type { ApprovedVerdict, RefusedVerdict, Verdict } from './verdict.js';

/** Reports how an evaluation ended, and lets a refusal through where the policy only observes. */
export function conclude(evaluation: Evaluation, verdict: Verdict): Verdict {
  if (verdict.kind === 'approved') {
    return approve(evaluation, verdict);
  }
  const { code, reason } = renderVerdict(verdict).body;
  const refusal = { code, ...(reason === undefined ? {} : { reason }) };
  evaluation.refusal = refusal;
  if (evaluation.policy.mode === 'observe') {
    evaluation.report({ type: 'would_refuse', ...refusal });
    return approve(evaluation, letThrough(evaluation, 'observed'));
  }
  evaluation.report({ type: 'refused', ...refusal });
  return verdict;
}

/** An approval that nothing has proven, because the policy says so. */
export function letThrough(evaluation: Evaluation, by: 'skipped' | 'observed'): ApprovedVerdict {
  const { action, subject, body, bound, policy } = evaluation;
  return {
    kind: 'approved',
    approval: {
      action: action ?? policy.codes[0] ?? '',
      subject: subject ?? null,
      by,
      body,
      bound,
    },
  };
}

/** The refusal as an error, for code that cannot answer the client itself. */
export function refusalError(verdict: RefusedVerdict): StepUpError {
  const rendered = renderVerdict(verdict);
  return new StepUpError(rendered.body.code, rendered.body.detail, rendered);
}

function approve(evaluation: Evaluation, verdict: ApprovedVerdict): ApprovedVerdict {
  const { by, proofId, method }: Approval = verdict.approval;
  evaluation.report({
    type: 'approved',
    by,
    ...(proofId === undefined ? {} : { proofId }),
    ...(method === undefined ? {} : { verificationMethod: method }),
  });
  return verdict;
}
