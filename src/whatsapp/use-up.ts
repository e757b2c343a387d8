import { proceed, type Step } from '../core/step.js';
import type { FlowScope } from './flow-scope.js';
import { refuseHandle } from './open-handle.js';
import type { HandleContent } from './sealed-handle.js';

/** Longer than any handle lives, for clocks that differ. */
const MARGIN_MS = 60_000;

/** Uses a flow up, over all its handles; `handle_invalid` where it was before. */
export function useUpFlow(scope: FlowScope, flow: HandleContent): Promise<Step<void>> {
  return useUp(scope, `flow:${flow.flowId}`, flow.expiresAt);
}

/** Uses one handle up that finishes a sign-in without a code. */
export function useUpCompletion(
  scope: FlowScope,
  completionId: string,
  expiresAt: number,
): Promise<Step<void>> {
  return useUp(scope, `completion:${completionId}`, expiresAt);
}

async function useUp(scope: FlowScope, key: string, expiresAt: number): Promise<Step<void>> {
  const left = Math.max(expiresAt - scope.options.clock.now(), 0);
  const burned = await scope.burn(key, left + MARGIN_MS);
  if (!burned.ok) {
    return burned;
  }
  return burned.value ? proceed(undefined) : refuseHandle(scope, 'used');
}
