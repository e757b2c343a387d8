import type { ActionRequest } from './action-request.js';
import type {
  CallbackName,
  FlowOccurrence,
  StepUpOccurrence,
  WebhookOccurrence,
} from './events.js';
import { randomText } from './random-text.js';
import { describeError, maskNumbers, maskPhone } from './redact.js';
import type { ResolvedOptions } from './resolve-options.js';
import { proceed, refuse, type Step } from './step.js';
import { tellApplication } from './tell-application.js';
import type { RefusedVerdict } from './verdict.js';
import type { LogLevel } from './warning-log.js';

/** One request, who and what it turned out to be, and whom to tell of it. */
export class RequestScope {
  action: string | undefined;
  subject: string | undefined;
  /** Also identifies the attempt to the replay store. */
  readonly id: string = randomText(15);

  constructor(
    readonly request: ActionRequest,
    readonly options: ResolvedOptions,
    protected readonly log: (line: string, level?: LogLevel) => void,
  ) {}

  /** Tells the application. Nothing that it throws can change the outcome. */
  report(occurrence: StepUpOccurrence | FlowOccurrence | WebhookOccurrence): void {
    const { onEvent, clock, telemetry } = this.options;
    telemetry?.occurred(occurrence, this.action);
    if (onEvent === undefined) {
      return;
    }
    const { transport, method, route, path } = this.request;
    const event = {
      evaluationId: this.id,
      at: clock.now(),
      transport,
      method,
      route: maskNumbers(route),
      path: maskNumbers(path),
      ...(this.action === undefined ? {} : { action: this.action }),
      ...(this.subject === undefined ? {} : { subject: maskPhone(this.subject) }),
      ...occurrence,
    };
    tellApplication(onEvent, event, (error) =>
      this.log(`onEvent failed on "${occurrence.type}": ${this.describe(error)}`, 'error'),
    );
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
      this.warn(`\`${callback}\` failed: ${error}`, 'error');
    }
    return refuse(verdict);
  }

  /** A line that somebody must read. The sink keeps it from flooding. */
  warn(line: string, level: LogLevel = 'warn'): void {
    const { method, route } = this.request;
    // Never the path, by which a client could make as many different lines as it likes.
    const place = maskNumbers([method, route].join(' ').trim());
    this.log(`${this.label} (${place}): ${line}`, level);
  }

  describe(error: unknown): string {
    return describeError(error, this.options.secrets);
  }

  protected get label(): string {
    return `Action "${this.action ?? 'unknown'}"`;
  }
}
