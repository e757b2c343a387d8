/** What a caller is told whose signal has aborted. Browsers before 2022 keep no reason. */
export function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException('The operation was aborted.', 'AbortError');
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that aborts. */
export function orAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(abortReason(signal));
    if (signal.aborted) {
      abort();
    }
    signal.addEventListener('abort', abort);
    work
      // What fails because of the abort is told as the abort.
      .then(resolve, (error) => reject(signal.aborted ? abortReason(signal) : error))
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
