import { proceed, type Step } from '../core/step.js';
import { currentNumber, isEnrolled } from './current-authenticators.js';
import type { FlowScope } from './flow-scope.js';
import type { HandleContent } from './sealed-handle.js';

/**
 * What has become of the state in which a number flow began:
 * - `open`: it is as it was, so a right code may change it.
 * - `arrived`: the flow's own number is there by now; its answer was lost on the way.
 * - `gone`: it is another one. What the old number approved ended with it, and who began without
 *   any authenticator has one.
 */
export async function flowStanding(
  scope: FlowScope,
  userId: string,
  flow: Pick<HandleContent, 'phoneNumber' | 'replaces' | 'steppedUp'>,
): Promise<Step<'open' | 'arrived' | 'gone'>> {
  const current = await currentNumber(scope, userId);
  if (!current.ok) {
    return current;
  }
  if (current.value === flow.phoneNumber && flow.replaces !== flow.phoneNumber) {
    return proceed('arrived');
  }
  if (current.value !== flow.replaces) {
    return proceed('gone');
  }
  if (flow.steppedUp) {
    return proceed('open');
  }
  const enrolled = await isEnrolled(scope, userId);
  return enrolled.ok ? proceed(enrolled.value ? 'gone' : 'open') : enrolled;
}
