/**
 * Where used proofs are remembered. One atomic step, {@link ReplayStore.burn}, decides which of
 * many concurrent requests may run; nothing has to be settled afterwards. Check an implementation
 * with `replayStoreChecks` of `authsignal-guard/testing`.
 */
export interface ReplayStore {
  /**
   * Uses `key` up, in one atomic step across every process that shares the store.
   *
   * @param owner identifies this attempt; {@link ReplayStore.restore} undoes only its own.
   * @param ttlMs how long the key must be remembered, in milliseconds. Never forget it earlier.
   * @returns `true` for exactly one caller per live key, `false` for all others.
   * @throws when the store cannot tell; the gate then answers 503 and the handler does not run.
   */
  burn(key: string, owner: string, ttlMs: number): Promise<boolean> | boolean;

  /** Undoes the burn of `key` if `owner` made it; otherwise does nothing. */
  restore(key: string, owner: string): Promise<void> | void;
}
