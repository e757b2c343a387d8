import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';

interface InstrumentDescription {
  readonly unit: string;
  readonly description: string;
}

/** Every counter: its name below `authsignal_guard.`, its unit in UCUM, and what it counts. */
export const COUNTERS = {
  verdicts: { unit: '{verdict}', description: 'Evaluations that ended, by how.' },
  'proofs.refused': { unit: '{proof}', description: 'Proofs that did not count.' },
  'proofs.replayed': { unit: '{proof}', description: 'Proofs that were sent after their use.' },
  'proofs.returned': {
    unit: '{proof}',
    description: 'Proofs that were given back because the handler failed.',
  },
  'otp.sent': { unit: '{message}', description: 'Messages that Authsignal took for sending.' },
  'otp.limited': { unit: '{message}', description: 'Messages that a limit kept from being sent.' },
  'otp.checked': {
    unit: '{code}',
    description: 'One-time codes that users gave, by how they fared.',
  },
  'phones.refused': { unit: '{number}', description: 'Phone numbers that were refused.' },
  'handles.refused': { unit: '{handle}', description: 'Handles of flows that were refused.' },
  'authenticators.changed': {
    unit: '{authenticator}',
    description: 'Authenticators that a flow added or changed.',
  },
  sign_ins: {
    unit: '{sign_in}',
    description: 'Sign-ins that passed their code, by how they ended.',
  },
  'circuit.changes': {
    unit: '{change}',
    description: 'Circuits of calls to Authsignal that changed.',
  },
  'calls.withheld': {
    unit: '{call}',
    description: 'Calls to Authsignal that an open circuit kept from going out.',
  },
  'store.failures': { unit: '{failure}', description: 'Steps of a store that failed.' },
  'callback.failures': {
    unit: '{failure}',
    description: "Callbacks of the application's that threw or returned what cannot be used.",
  },
  webhooks: { unit: '{delivery}', description: 'Deliveries from Authsignal, by how they fared.' },
} as const satisfies Readonly<Record<string, InstrumentDescription>>;

/** Every histogram, in the same way. */
export const HISTOGRAMS = {
  'evaluation.duration': { unit: 's', description: 'How long evaluations took.' },
  'call.duration': { unit: 's', description: 'How long calls to Authsignal took.' },
} as const satisfies Readonly<Record<string, InstrumentDescription>>;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

export const PREFIX = 'authsignal_guard.';

/** Those that the semantic conventions advise for durations of HTTP. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The instruments of one meter, each made when it is first needed. */
export class Instruments {
  readonly #meter: () => Meter;
  readonly #counters = new Map<CounterName, Counter>();
  readonly #histograms = new Map<HistogramName, Histogram>();

  constructor(meter: () => Meter) {
    this.#meter = meter;
  }

  count(name: CounterName, attributes: Attributes): void {
    const known = this.#counters.get(name);
    const counter = known ?? this.#meter().createCounter(PREFIX + name, COUNTERS[name]);
    this.#counters.set(name, counter);
    counter.add(1, attributes);
  }

  record(name: HistogramName, seconds: number, attributes: Attributes): void {
    const known = this.#histograms.get(name);
    const histogram = known ?? this.#meter().createHistogram(PREFIX + name, adviceFor(name));
    this.#histograms.set(name, histogram);
    histogram.record(seconds, attributes);
  }
}

function adviceFor(name: HistogramName) {
  return { ...HISTOGRAMS[name], advice: { explicitBucketBoundaries: SECONDS } };
}
