import { AsyncLocalStorage } from 'node:async_hooks';
import type { NextFunction, Response } from 'express';

type ReturnProof = () => Promise<void>;

const behind = new AsyncLocalStorage<readonly ReturnProof[]>();

/**
 * Runs what stands behind the gate and gives the proof back if *that* answers 5xx. An answer that
 * came from before the gate, of a timeout above all, does not count: the handler may still run.
 * Nor does a connection that closed first.
 */
export function runReturningProof(
  res: Response,
  next: NextFunction,
  returnProof: ReturnProof,
): void {
  let answeredBehind = false;
  // Emitted inside `res.end()`, so in the context of whoever ended the response.
  res.once('prefinish', () => {
    answeredBehind = behind.getStore()?.includes(returnProof) ?? false;
  });
  res.once('finish', () => {
    if (answeredBehind && res.statusCode >= 500) {
      void returnProof();
    }
  });
  behind.run([...(behind.getStore() ?? []), returnProof], next);
}
