import type { FlowPurpose } from '../core/events.js';
import { proceed, refuse, type Step } from '../core/step.js';
import type { FlowScope, FlowUser } from './flow-scope.js';
import type { HandleContent } from './sealed-handle.js';

type HandleRefusal = 'unreadable' | 'expired' | 'foreign' | 'used' | 'unproven';

/** Opens a handle for one purpose, user and session; every refusal has the same answer. */
export async function openHandle(
  scope: FlowScope,
  handle: string,
  purpose: FlowPurpose,
  user: FlowUser,
): Promise<Step<HandleContent>> {
  const opened = await readHandle(scope, handle);
  if (!opened.ok) {
    return opened;
  }
  const { value: content } = opened;
  const isOwn =
    content.purpose === purpose &&
    content.subject === user.subject &&
    content.session === user.session;
  return isOwn ? proceed(content) : refuseHandle(scope, 'foreign');
}

/** Opens a handle of any purpose; whose it is remains to be checked. */
export async function readHandle(scope: FlowScope, handle: string): Promise<Step<HandleContent>> {
  const opened = await scope.parts.seal.open(handle);
  return opened.ok ? proceed(opened.content) : refuseHandle(scope, opened.why);
}

export function refuseHandle(scope: FlowScope, why: HandleRefusal): Step<never> {
  scope.report({ type: 'handle_refused', why });
  return refuse({ kind: 'handle_invalid' });
}
