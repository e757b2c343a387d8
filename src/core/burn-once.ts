import { withinDeadline } from './deadline.js';
import type { RequestScope } from './request-scope.js';

/** What is used up, for the log. */
export type Burnable = 'a proof' | 'a handle' | 'an event';

/**
 * Asks the replay store whether `key` is used for the first time. Only a plain `true` is a yes.
 *
 * @returns `undefined` where the store cannot tell. Should its `true` come after we gave up, the burn is undone: nothing
 *   has run on it.
 */
export async function burnOnce(
  scope: RequestScope,
  what: Burnable,
  key: string,
  ttlMs: number,
): Promise<boolean | undefined> {
  const { replayStore, storeHealth, timeoutMs } = scope.options;
  let asked: Promise<boolean> | boolean | undefined;
  try {
    asked = replayStore.burn(key, scope.id, ttlMs);
    const burned: unknown = await withinDeadline(asked, timeoutMs);
    if (typeof burned !== 'boolean') {
      throw new TypeError(`burn() answered neither true nor false but a ${typeof burned}`);
    }
    storeHealth.worked();
    return burned;
  } catch (error) {
    storeFailed(scope, 'burn', what, error);
    void undoLate(scope, key, asked);
    return undefined;
  }
}

/** Gives back what this very request has burned. @returns whether it is free again. */
export async function restoreBurn(
  scope: RequestScope,
  what: Burnable,
  key: string,
): Promise<boolean> {
  const { replayStore, storeHealth, timeoutMs } = scope.options;
  try {
    await withinDeadline(replayStore.restore(key, scope.id), timeoutMs);
    storeHealth.worked();
    return true;
  } catch (error) {
    storeFailed(scope, 'restore', what, error);
    return false;
  }
}

async function undoLate(scope: RequestScope, key: string, asked: unknown): Promise<void> {
  try {
    if ((await asked) === true) {
      await scope.options.replayStore.restore(key, scope.id);
    }
  } catch {
    // It was told already, or never burned anything.
  }
}

function storeFailed(
  scope: RequestScope,
  step: 'burn' | 'restore',
  what: Burnable,
  error: unknown,
): void {
  const description = scope.describe(error);
  scope.options.storeHealth.failed(scope.options.clock.now());
  scope.report({ type: 'replay_store_failed', step, error: description });
  scope.warn(`the replay store failed to ${step} ${what}: ${description}`, 'error');
}
