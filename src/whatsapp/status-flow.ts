import type { ActionRequest } from '../core/action-request.js';
import { maskPhone } from '../core/redact.js';
import { proceed, type Step } from '../core/step.js';
import { currentNumber, isEnrolled } from './current-authenticators.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope } from './flow-scope.js';

export interface EnrollmentStatus {
  /** Whether the user has any authenticator. */
  readonly enrolled: boolean;
  /** The WhatsApp number, masked; `null` without one. */
  readonly phoneNumber: string | null;
}

/** What the signed-in user has. */
export async function readStatus(
  parts: FlowParts,
  request: ActionRequest,
): Promise<Step<EnrollmentStatus>> {
  const scope = new FlowScope(request, parts, undefined);
  const user = await scope.identify();
  if (!user.ok) {
    return user;
  }
  const { subject } = user.value;
  const [enrolled, number] = await Promise.all([
    isEnrolled(scope, subject),
    currentNumber(scope, subject),
  ]);
  if (!enrolled.ok) {
    return enrolled;
  }
  if (!number.ok) {
    return number;
  }
  return proceed({
    enrolled: enrolled.value,
    phoneNumber: number.value === null ? null : maskPhone(number.value),
  });
}
