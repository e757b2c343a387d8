import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Response } from 'express';

type ReturnProof = () => Promise<void>;

const behind = new AsyncLocalStorage<readonly ReturnProof[]>();

/**
 * Runs what stands behind the gate and, where the policy has it, gives the proof back if *that* answers 5xx. An answer that
 * came from before the gate, of a timeout above all, does not count: the handler may still run.
 * Nor does a connection that closed first. A timeout of the application's own that stands behind
 * the gate cannot be told from its handler.
 */
export function runReturningProof(
  res: Response,
  next: NextFunction,
  returnProof: ReturnProof | undefined,
): void {
  if (returnProof === undefined) {
    next();
    return;
  }
  let answeredBehind = false;
  // Emitted inside `res.end()`, so in the context of whoever ended the response.
  res.once('prefinish', () => {
    answeredBehind = behind.getStore()?.includes(returnProof) ?? false;
  });
  res.once('finish', () => {
    if (answeredBehind && res.statusCode >= 500 && !timedOut(res)) {
      void returnProof();
    }
  });
  behind.run([...(behind.getStore() ?? []), returnProof], next);
}

/** The mark of `connect-timeout`, which may stand behind the gate. */
function timedOut(res: Response): boolean {
  return Reflect.get(res.req, 'timedout') === true;
}
