import { HttpException } from '@nestjs/common';
import type { RenderedRefusal } from '../core/render-verdict.js';
import type { StepUpProblem } from '../core/wire.js';

/**
 * A refusal of the gate. `getResponse()` is the problem body. Rendered by the filter that
 * `@RequireAction` binds; a filter of your own that catches it first must keep status, headers and
 * body as they are.
 */
export class StepUpException extends HttpException {
  readonly problem: StepUpProblem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(rendered: RenderedRefusal) {
    super({ ...rendered.body }, rendered.status, { description: rendered.body.detail });
    this.problem = rendered.body;
    this.headers = rendered.headers;
  }
}
