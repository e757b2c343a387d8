import { HttpException } from '@nestjs/common';
import type { StepUpError } from '../core/errors.js';
import { type RenderedRefusal, renderVerdict } from '../core/render-verdict.js';
import type { StepUpProblem } from '../core/wire.js';

/**
 * A refusal of the gate. `getResponse()` is the problem body. Rendered by the filter that
 * `@RequireAction` binds; a filter of your own that catches it first must keep status, headers and
 * body as they are.
 */
export class StepUpException extends HttpException {
  readonly problem: StepUpProblem;
  readonly headers: Readonly<Record<string, string>>;
  /** The problem again, by the name under which GraphQL looks for what to tell beside the message. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(rendered: RenderedRefusal) {
    super({ ...rendered.body }, rendered.status, { description: rendered.body.detail });
    this.problem = rendered.body;
    this.headers = rendered.headers;
    this.extensions = { ...rendered.body };
    this.message = rendered.body.detail;
  }
}

/**
 * The refusal that the core's error stands for.
 *
 * @param log one that keeps what every request meets from flooding it.
 */
export function asException(
  error: StepUpException | StepUpError,
  log: (line: string, level: 'error') => void,
): StepUpException {
  if (error instanceof StepUpException) {
    return error;
  }
  const { problem, headers } = error;
  if (problem === undefined) {
    // A mistake in the application's code: its text is for the log alone.
    log(error.message, 'error');
    return new StepUpException(renderVerdict({ kind: 'misconfigured' }));
  }
  return new StepUpException({ status: problem.status, headers, body: problem });
}
