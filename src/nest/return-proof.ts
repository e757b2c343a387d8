import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CallHandler,
  type ExecutionContext,
  HttpException,
  type NestInterceptor,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import { verdictOf, withVerdicts } from './verdicts.js';

const within = new AsyncLocalStorage<(() => Promise<void>) | undefined>();

/**
 * Lets the handler find the proof of its own request, and its parameters the approval. It does not
 * watch what the handler returns.
 */
export const handlerScope: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const returnProof = verdictOf(context)?.returnProof;
    return withVerdicts(context, () =>
      returnProof === undefined ? next.handle() : within.run(returnProof, () => next.handle()),
    );
  },
};

/**
 * Gives the proof back when the handler itself fails, before the failure goes on. Only its own
 * promise counts: an interceptor may give up, of a timeout perhaps, while the handler still runs.
 */
export async function settle(handle: () => unknown): Promise<unknown> {
  const returnProof = within.getStore();
  try {
    // What the handler calls itself must not take this request's proof for its own.
    return await within.run(undefined, async () => handle());
  } catch (error) {
    if (returnProof !== undefined && isFailure(error)) {
      await returnProof();
    }
    throw error;
  }
}

/** An HttpException below 500 is an answer. */
export function isFailure(error: unknown): boolean {
  return !(error instanceof HttpException) || error.getStatus() >= 500;
}
