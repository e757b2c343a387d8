import { refuse, type Step } from '../core/step.js';
import { unavailable } from '../core/unavailable.js';
import type { FlowScope } from './flow-scope.js';

const SHORTEST_MS = 30_000;
/** More calls to Authsignal than a change of authenticators makes, each with its deadline. */
const CALLS = 10;

/**
 * Runs `change` while no other change of this user's authenticators runs anywhere, so that what it
 * has checked still holds when it acts. Whoever comes meanwhile is told to try again.
 */
export async function withUserLock<T>(
  scope: FlowScope,
  userId: string,
  change: () => Promise<Step<T>>,
): Promise<Step<T>> {
  const { keyring, timeoutMs } = scope.options;
  const lock = `authenticators:${keyring.audience}:${userId}`;
  const locked = await scope.burn(lock, Math.max(SHORTEST_MS, CALLS * timeoutMs));
  if (!locked.ok) {
    return locked;
  }
  if (!locked.value) {
    return refuse(unavailable({ retryAfterMs: 1_000 }));
  }
  try {
    return await change();
  } finally {
    await scope.release(lock);
  }
}
