import {
  context,
  type Meter,
  metrics,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Countable } from '../core/countable.js';
import type {
  CallBegun,
  CallEnded,
  EvaluationBegun,
  EvaluationEnded,
  Observation,
  Telemetry,
} from '../core/telemetry.js';
import * as names from './attributes.js';
import { countOf } from './count-occurrence.js';
import { Instruments } from './instruments.js';
import { CALL_SPAN_PREFIX, callBeginning, callEnding, endCall } from './measured-call.js';
import {
  beginningAttributes,
  EVALUATION_SPAN,
  endEvaluation,
  verdictAttributes,
} from './measured-evaluation.js';

export interface OpenTelemetryOptions {
  /** Default: `authsignal-guard` of the global tracer provider. */
  readonly tracer?: Tracer;
  /** Default: `authsignal-guard` of the global meter provider, as it is at the first measurement. */
  readonly meter?: Meter;
}

const SCOPE = 'authsignal-guard';

/**
 * Spans and metrics of a gate, for its option `telemetry`: one span for each evaluation, one for each call to
 * Authsignal, and the metrics of docs/observability.md. Needs `@opentelemetry/api` and, to see anything, an SDK.
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  return new OpenTelemetry(options);
}

/** @see openTelemetry */
export class OpenTelemetry implements Telemetry {
  readonly #tracer: Tracer;
  readonly #instruments: Instruments;
  readonly #now: () => number;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor({ tracer, meter }: OpenTelemetryOptions, now = () => performance.now()) {
    this.#tracer = tracer ?? trace.getTracer(SCOPE);
    // Unlike tracers, meters do not follow a provider that is registered after them.
    this.#instruments = new Instruments(() => meter ?? metrics.getMeter(SCOPE));
    this.#now = now;
  }

  evaluation(begun: EvaluationBegun): Observation<EvaluationEnded> {
    const attributes = beginningAttributes(begun);
    const span = this.#tracer.startSpan(EVALUATION_SPAN, { kind: SpanKind.INTERNAL, attributes });
    const seconds = this.#stopwatch();
    return observation(span, (ended: EvaluationEnded) => {
      endEvaluation(span, begun, ended);
      const verdict = verdictAttributes(ended);
      this.#instruments.count('verdicts', { ...verdict, [names.MODE]: begun.mode });
      this.#instruments.record('evaluation.duration', seconds(), verdict);
    });
  }

  call(begun: CallBegun): Observation<CallEnded> {
    const name = CALL_SPAN_PREFIX + begun.call;
    const attributes = callBeginning(begun);
    const span = this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
    const seconds = this.#stopwatch();
    return observation(span, (ended: CallEnded) => {
      endCall(span, ended);
      const outcome = { [names.CALL]: begun.call, ...callEnding(ended) };
      this.#instruments.record('call.duration', seconds(), outcome);
    });
  }

  occurred(what: Countable, action: string | undefined): void {
    const count = countOf(what, action);
    if (count !== undefined) {
      this.#instruments.count(...count);
    }
  }

  #stopwatch(): () => number {
    const start = this.#now();
    return () => (this.#now() - start) / 1_000;
  }
}

function observation<End>(span: Span, measure: (ended: End) => void): Observation<End> {
  return {
    within: (work) => context.with(trace.setSpan(context.active(), span), work),
    end(ended) {
      try {
        measure(ended);
      } finally {
        span.end();
      }
    },
  };
}
