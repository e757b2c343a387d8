import type { ErrorRequestHandler, Response } from 'express';
import { isStepUpError } from '../core/errors.js';
import { problemText, type RenderedRefusal } from '../core/render-verdict.js';
import { writeAnswer } from './write-answer.js';

export function writeRefusal(res: Response, rendered: RenderedRefusal): void {
  const { status, headers } = rendered;
  writeAnswer(res, { status, headers, text: problemText(rendered) });
}

/** Answers what `gate.require` throws. Put it behind the routes: `app.use(stepUpErrorHandler)`. */
export const stepUpErrorHandler: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (!isStepUpError(error) || error.problem === undefined || res.headersSent) {
    next(error);
    return;
  }
  writeRefusal(res, { status: error.status, headers: error.headers, body: error.problem });
};
