import type { ErrorRequestHandler } from 'express';

/** A body that is no JSON is the client's error and says so; everything else is ours and says nothing. */
export const answerError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const { status, message } = clientError(error);
  if (status === 500) {
    console.error(error);
  }
  res.status(status).json({ message });
};

function clientError(error: unknown): { readonly status: number; readonly message: string } {
  const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
  return typeof status === 'number' && status >= 400 && status < 500
    ? { status, message: 'The body cannot be read.' }
    : { status: 500, message: 'Internal server error' };
}
