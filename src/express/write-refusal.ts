import type { ErrorRequestHandler, Response } from 'express';
import { isStepUpError } from '../core/errors.js';
import { problemText, type RenderedRefusal } from '../core/render-verdict.js';

/** Past `res.send`, which would add an ETag to an answer that nobody may store. */
export function writeRefusal(res: Response, rendered: RenderedRefusal): void {
  if (res.headersSent) {
    // Something before the gate, a timeout perhaps, has answered already.
    return;
  }
  const text = problemText(rendered);
  res.writeHead(rendered.status, {
    ...rendered.headers,
    'content-length': Buffer.byteLength(text),
  });
  res.end(text);
}

/** Answers what `gate.require` throws. Put it behind the routes: `app.use(stepUpErrorHandler)`. */
export const stepUpErrorHandler: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (!isStepUpError(error) || error.problem === undefined || res.headersSent) {
    next(error);
    return;
  }
  writeRefusal(res, { status: error.status, headers: error.headers, body: error.problem });
};
