import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { EvaluationBegun, EvaluationEnded } from '../core/telemetry.js';
import type { RefusalCode } from '../core/wire.js';
import * as names from './attributes.js';

export const EVALUATION_SPAN = 'authsignal_guard.evaluate';

/** What went wrong rather than being refused. A refusal is what the gate is there for. */
const FAILURES: readonly (RefusalCode | undefined)[] = [
  'step_up_unavailable',
  'step_up_misconfigured',
];

interface Outcome {
  readonly by?: EvaluationEnded['by'] | undefined;
  readonly code?: EvaluationEnded['code'] | undefined;
}

export function beginningAttributes(begun: EvaluationBegun): Attributes {
  return {
    [names.EVALUATION_ID]: begun.evaluationId,
    [names.TRANSPORT]: begun.transport,
    [names.MODE]: begun.mode,
    ...(begun.transport === 'http' ? { [names.HTTP_METHOD]: begun.method } : {}),
    ...(begun.action === undefined ? {} : { [names.ACTION]: begun.action }),
  };
}

/** The attributes that metrics have as well, hence of few values. */
export function verdictAttributes({ action, by, code }: EvaluationEnded): Attributes {
  return {
    ...(action === undefined ? {} : { [names.ACTION]: action }),
    [names.VERDICT]: outcomeOf({ by, code }),
    ...(by === undefined ? {} : { [names.BY]: by }),
    ...(code === undefined ? {} : { [names.CODE]: code }),
    ...errorOf({ by, code }),
  };
}

export function endEvaluation(span: Span, begun: EvaluationBegun, ended: EvaluationEnded): void {
  const { pseudonym, route, reason, verificationMethod } = ended;
  span.setAttributes({
    ...verdictAttributes(ended),
    ...(pseudonym === undefined ? {} : { [names.ENDUSER_PSEUDO_ID]: pseudonym }),
    ...(route === undefined || begun.transport !== 'http' ? {} : { [names.HTTP_ROUTE]: route }),
    ...(reason === undefined ? {} : { [names.REASON]: reason }),
    ...(verificationMethod === undefined
      ? {}
      : { [names.VERIFICATION_METHOD]: verificationMethod }),
  });
  if (wentWrong(ended)) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}

/** `failed`: it broke off, which only a bug can make it do. */
function outcomeOf({ by, code }: Outcome): string {
  if (by !== undefined) {
    return 'approved';
  }
  return code === undefined ? 'failed' : 'refused';
}

function errorOf(outcome: Outcome): Attributes {
  return wentWrong(outcome) ? { [names.ERROR_TYPE]: outcome.code ?? '_OTHER' } : {};
}

function wentWrong({ by, code }: Outcome): boolean {
  return (by === undefined && code === undefined) || FAILURES.includes(code);
}
