import { abortReason, orAbort } from './abort.js';

/** Runs one piece of work at a time, in the order of arrival. */
export type WaitingLine = <T>(
  signal: AbortSignal,
  work: (waited: boolean) => Promise<T>,
) => Promise<T>;

/**
 * A line for each key. Who aborts is told at once, yet the next one starts only when the work that
 * had begun is over: two prompts are never open together.
 */
export function waitingLines(): (key: string) => WaitingLine {
  const tails = new Map<string, Promise<unknown>>();
  return (key) => (signal, work) => {
    const ahead = tails.get(key);
    const start = (): ReturnType<typeof work> =>
      signal.aborted ? Promise.reject(abortReason(signal)) : work(ahead !== undefined);
    const turn = ahead === undefined ? start() : ahead.then(start);
    const leave = (): void => {
      if (tails.get(key) === tail) {
        tails.delete(key);
      }
    };
    const tail: Promise<void> = turn.then(leave, leave);
    tails.set(key, tail);
    return orAbort(signal, turn);
  };
}

/**
 * The ready challenges of all actions stand in one line: the Web SDK opens one popup at a time, and
 * nobody can type two codes at once.
 */
export const promptsOfThePage: WaitingLine = waitingLines()('page');
