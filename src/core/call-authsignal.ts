import type { CallResult } from './call-result.js';

/** A port must not throw; one of the application's own may. */
export async function callAuthsignal<T>(
  call: string,
  run: () => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  try {
    return await run();
  } catch {
    // What it threw may hold anything, the secret among it.
    return { ok: false, failure: { kind: 'port_threw', call } };
  }
}
