import type { CallFailure, CallResult } from '../core/call-result.js';
import type { Clock } from '../core/clock.js';
import { isSuccess } from './attempt.js';
import { failureOfStatus, kindOfError, parsedJson } from './failure.js';
import type { Route } from './route.js';
import type { Shape } from './shape.js';
import type { Outgoing, SendEnding, Transport } from './transport.js';

/** One call of the port: where it goes, how it may be sent, and what answer it needs. */
export interface ApiCall<T> {
  /** The method of the port. */
  readonly name: string;
  readonly method: Outgoing['method'];
  readonly route: Route;
  readonly body?: object;
  readonly timeoutMs: number;
  readonly isRepeatable: boolean;
  readonly answer: Shape<T>;
}

/** Makes calls and turns however they end into a result. It never rejects. */
export class ApiClient {
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  async call<T>(call: ApiCall<T>): Promise<CallResult<T>> {
    const { name, route, method, timeoutMs, isRepeatable } = call;
    if (!route.ok) {
      return failed({ kind: 'rejected', call: name, field: route.field });
    }
    const outgoing = { method, path: route.path, timeoutMs, isRepeatable };
    if (call.body === undefined) {
      return this.#result(call, await this.#transport.send(outgoing));
    }
    const body = json(call.body);
    if (body === undefined) {
      return failed({ kind: 'rejected', call: name, field: 'body' });
    }
    return this.#result(call, await this.#transport.send({ ...outgoing, body }));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #result<T>({ name, answer }: ApiCall<T>, ending: SendEnding): CallResult<T> {
    if (ending.how === 'overloaded') {
      return failed({ kind: 'overloaded', call: name });
    }
    if (ending.how === 'expired') {
      return failed({ kind: 'timed_out', call: name });
    }
    if (ending.how === 'broken') {
      return failed({ kind: kindOfError(ending), call: name });
    }
    if (!isSuccess(ending.status)) {
      const failure = failureOfStatus(name, ending, this.#clock.now());
      return failed(this.#withoutSecret(failure));
    }
    const value = parsedJson(ending.body);
    if (value === undefined) {
      return failed({ kind: 'not_json', call: name, status: ending.status });
    }
    const parsed = answer(value);
    return parsed.ok
      ? { ok: true, value: parsed.value, status: ending.status }
      : failed({
          kind: 'wrong_shape',
          call: name,
          status: ending.status,
          field: parsed.field || 'body',
        });
  }

  /** A proxy that echoes what it was sent must not bring the secret into a log. */
  #withoutSecret(failure: CallFailure): CallFailure {
    const { errorCode, ...rest } = failure;
    return errorCode !== undefined && this.#transport.isSecretIn(errorCode) ? rest : failure;
  }
}

function failed(failure: CallFailure): CallResult<never> {
  return { ok: false, failure };
}

/** `undefined` for what JSON cannot hold, such as a bigint among the custom attributes. */
function json(body: object): string | undefined {
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}
