import { createHmac } from 'node:crypto';
import type { CallResult } from './call-result.js';
import { countableOf, knownFailure, type Occurrence } from './countable.js';
import type {
  CallBegun,
  CallEnded,
  EvaluationBegun,
  EvaluationEnded,
  Observation,
  Telemetry,
} from './telemetry.js';

const PSEUDONYM_DIGITS = 32;

/** The application's telemetry, kept from changing anything: whatever it throws, work runs once and its result stands. */
export class GuardedTelemetry {
  readonly #telemetry: Telemetry;
  readonly #key: Buffer;
  readonly #failed: (error: unknown) => void;

  constructor(telemetry: Telemetry, key: Buffer, failed: (error: unknown) => void) {
    this.#telemetry = telemetry;
    this.#key = key;
    this.#failed = failed;
  }

  /** The same for the same user as long as the secret is the same, and of no use without it. */
  pseudonym(subject: string): string {
    const digest = createHmac('sha256', this.#key).update(subject).digest('hex');
    return digest.slice(0, PSEUDONYM_DIGITS);
  }

  evaluation<T>(
    begun: EvaluationBegun,
    work: () => Promise<T>,
    endOf: (value: T) => EvaluationEnded,
  ): Promise<T> {
    return this.#observe(() => this.#telemetry.evaluation(begun), work, endOf, {});
  }

  call<T>(begun: CallBegun, work: () => Promise<CallResult<T>>): Promise<CallResult<T>> {
    return this.#observe(() => this.#telemetry.call(begun), work, endOfCall, {
      failure: 'port_threw',
    });
  }

  /** Hands on what may be counted of it. */
  occurred(occurrence: Occurrence, action: string | undefined): void {
    this.#try(() => this.#telemetry.occurred(countableOf(occurrence), action));
  }

  async #observe<T, End>(
    begin: () => Observation<End>,
    work: () => Promise<T>,
    endOf: (value: T) => End,
    broken: End,
  ): Promise<T> {
    const observation = this.#try(begin);
    let end = broken;
    try {
      const value = await this.#within(observation, work);
      end = endOf(value);
      return value;
    } finally {
      this.#try(() => observation?.end(end));
    }
  }

  #within<T>(observation: Observation<unknown> | undefined, work: () => Promise<T>): Promise<T> {
    let running: Promise<T> | undefined;
    const started = async (): Promise<T> => work();
    const once = (): Promise<T> => {
      running = running ?? started();
      return running;
    };
    this.#try(() => {
      // What comes of the work is told to whoever awaits it, and is no failure of the telemetry.
      Promise.resolve(observation?.within(once)).catch(() => undefined);
    });
    return once();
  }

  #try<T>(run: () => T): T | undefined {
    try {
      const result = run();
      // An async function may stand where the type says void; nobody else would catch its rejection.
      Promise.resolve(result).catch(this.#failed);
      return result;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }
}

function endOfCall(result: CallResult<unknown>): CallEnded {
  if (result.ok) {
    return statusOf(result.status);
  }
  const { kind, status } = result.failure;
  return { failure: knownFailure(kind), ...statusOf(status) };
}

/** A port of the application's own may answer any number in its place. */
function statusOf(status: number | undefined): Pick<CallEnded, 'status'> {
  const isStatus =
    status !== undefined && Number.isInteger(status) && status >= 100 && status < 600;
  return isStatus ? { status } : {};
}
