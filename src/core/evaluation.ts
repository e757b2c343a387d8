import { randomUUID } from 'node:crypto';
import type { ActionRequest } from './action-request.js';
import type { BoundValue } from './bound-values.js';
import type { CallbackName, StepUpOccurrence } from './events.js';
import { describeError, maskNumbers, maskPhone } from './redact.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { ResolvedPolicy } from './resolve-policy.js';
import type { RefusedVerdict } from './verdict.js';

/** A value, or the verdict that ends the evaluation. */
export type Step<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly verdict: RefusedVerdict };

export const proceed = <T>(value: T): Step<T> => ({ ok: true, value });
export const refuse = (verdict: RefusedVerdict): Step<never> => ({ ok: false, verdict });

/** One request under one policy, and what is known of it so far. */
export class Evaluation {
  action: string | undefined;
  subject: string | undefined;
  body: unknown;
  bound: BoundValue | undefined;
  /** Also identifies the attempt to the replay store. */
  readonly id: string = randomUUID();

  constructor(
    readonly request: ActionRequest,
    readonly policy: ResolvedPolicy,
    readonly options: ResolvedOptions,
    private readonly log: (line: string) => void,
  ) {
    this.body = request.body;
  }

  /** Tells the application. Nothing that it throws can change the verdict. */
  report(occurrence: StepUpOccurrence): void {
    const { onEvent, clock } = this.options;
    if (onEvent === undefined) {
      return;
    }
    const { transport, method } = this.request;
    try {
      onEvent({
        evaluationId: this.id,
        at: clock.now(),
        transport,
        method,
        route: maskNumbers(this.request.route),
        ...(this.action === undefined ? {} : { action: this.action }),
        ...(this.subject === undefined ? {} : { subject: maskPhone(this.subject) }),
        ...occurrence,
      });
    } catch (error) {
      this.log(`onEvent threw on "${occurrence.type}": ${this.describe(error)}`);
    }
  }

  /** Runs a callback of the application; one that throws is reported and refused. */
  async call<T>(
    callback: CallbackName,
    run: () => T | Promise<T>,
    verdict: RefusedVerdict = { kind: 'misconfigured' },
  ): Promise<Step<T>> {
    try {
      return proceed(await run());
    } catch (error) {
      return this.callbackFailed(callback, this.describe(error), verdict);
    }
  }

  callbackFailed(
    callback: CallbackName,
    error: string,
    verdict: RefusedVerdict = { kind: 'misconfigured' },
  ): Step<never> {
    this.report({ type: 'callback_failed', callback, error });
    if (verdict.kind === 'misconfigured') {
      this.log(`\`${callback}\` of action ${this.name} failed: ${error}`);
    }
    return refuse(verdict);
  }

  /** A line that somebody must read. The caller's sink keeps it from flooding. */
  warn(line: string): void {
    this.log(`Action ${this.name}: ${line}`);
  }

  describe(error: unknown): string {
    return describeError(error, this.options.secrets);
  }

  get name(): string {
    return `"${this.action ?? this.policy.codes.join('|')}" (${this.request.method} ${maskNumbers(this.request.route)})`;
  }
}
