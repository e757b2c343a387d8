import type { CallResult } from './call-result.js';

/** A port must neither throw nor answer anything but a result; one of the application's own may. */
export async function callAuthsignal<T extends object>(
  call: string,
  run: () => Promise<CallResult<T>>,
): Promise<CallResult<T>> {
  try {
    const result: unknown = await run();
    return isResult<T>(result) ? result : { ok: false, failure: { kind: 'wrong_shape', call } };
  } catch {
    // What it threw may hold anything, the secret among it.
    return { ok: false, failure: { kind: 'port_threw', call } };
  }
}

/** Only so far as the gate needs not to trip over it; each field that matters is checked on its own. */
function isResult<T>(result: unknown): result is CallResult<T> {
  if (typeof result !== 'object' || result === null) {
    return false;
  }
  const ok: unknown = Reflect.get(result, 'ok');
  const content: unknown = Reflect.get(result, ok === true ? 'value' : 'failure');
  return typeof ok === 'boolean' && typeof content === 'object' && content !== null;
}
