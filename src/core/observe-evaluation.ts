import type { Evaluation } from './evaluation.js';
import type { GuardedTelemetry } from './guarded-telemetry.js';
import { maskNumbers } from './redact.js';
import type { EvaluationEnded } from './telemetry.js';
import type { Verdict } from './verdict.js';

/** Runs an evaluation where it is measured, and tells how it ended without what it was about. */
export function observeEvaluation(
  telemetry: GuardedTelemetry,
  evaluation: Evaluation,
  run: () => Promise<Verdict>,
): Promise<Verdict> {
  const { id: evaluationId, policy } = evaluation;
  const { transport, method } = evaluation.request;
  const begun = { evaluationId, transport, method, mode: policy.mode, ...actionOf(evaluation) };
  return telemetry.evaluation(begun, run, (verdict) => endOf(evaluation, verdict, telemetry));
}

function endOf(
  evaluation: Evaluation,
  verdict: Verdict,
  telemetry: GuardedTelemetry,
): EvaluationEnded {
  const { subject, refusal } = evaluation;
  const approval = verdict.kind === 'approved' ? verdict.approval : undefined;
  const route = routeOf(evaluation);
  return {
    ...actionOf(evaluation),
    ...(subject === undefined ? {} : { pseudonym: telemetry.pseudonym(subject) }),
    ...(route === undefined ? {} : { route }),
    ...(approval === undefined ? {} : { by: approval.by }),
    ...refusal,
    ...methodOf(approval?.method),
  };
}

function actionOf({ action, policy }: Evaluation): { readonly action?: string } {
  const { codes } = policy;
  const known = action ?? (codes.length === 1 ? codes[0] : undefined);
  return known === undefined ? {} : { action: known };
}

/** Authsignal's codes are words in capitals; a port of the application's own may answer any text. */
function methodOf(method: string | undefined): Pick<EvaluationEnded, 'verificationMethod'> {
  return method !== undefined && METHOD.test(method) ? { verificationMethod: method } : {};
}

const METHOD = /^[A-Z_]{1,64}$/;

/** Our adapters tell a pattern; a request that the application has made itself may have a path in its place. */
function routeOf({ request, subject }: Evaluation): string | undefined {
  const { route } = request;
  const isTelling =
    subject !== undefined && (route.includes(subject) || decoded(route).includes(subject));
  return route === '' || isTelling ? undefined : maskNumbers(route);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
