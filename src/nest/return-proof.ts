import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { catchError, isObservable, Observable } from 'rxjs';
import type { ActionRequest } from '../core/action-request.js';
import { isFailure } from './transports/handler-failure.js';
import { verdictOf, withVerdicts } from './verdicts.js';

/** The proof of the request that a handler runs for. */
interface Returnable {
  readonly transport: ActionRequest['transport'];
  readonly returnProof: () => Promise<void>;
}

const within = new AsyncLocalStorage<Returnable | undefined>();

/**
 * Lets the handler find the proof of its own request, and its parameters the approval. It does not
 * watch what the handler returns.
 */
export const handlerScope: NestInterceptor = {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const returnProof = verdictOf(context)?.returnProof;
    const transport = context.getType<ActionRequest['transport']>();
    return withVerdicts(context, () =>
      returnProof === undefined
        ? next.handle()
        : within.run({ transport, returnProof }, () => next.handle()),
    );
  },
};

/**
 * Gives the proof back when the handler itself fails, before the failure goes on. Only its own
 * promise or stream counts: an interceptor may give up, of a timeout perhaps, while the handler
 * still runs.
 */
export async function settle(handle: () => unknown): Promise<unknown> {
  const proof = within.getStore();
  if (proof === undefined) {
    // The first `run` of a process makes every promise of it dearer, on Node before 24.
    return handle();
  }
  const failed = async (error: unknown): Promise<never> => {
    if (isFailure(error, proof.transport)) {
      await proof.returnProof();
    }
    throw error;
  };
  try {
    // What the handler calls itself must not take this request's proof for its own.
    const answer = await within.run(undefined, async () => handle());
    return isObservable(answer) ? onItsOwn(answer).pipe(catchError(failed)) : answer;
  } catch (error) {
    return failed(error);
  }
}

function onItsOwn(stream: Observable<unknown>): Observable<unknown> {
  return new Observable((subscriber) => within.run(undefined, () => stream.subscribe(subscriber)));
}
