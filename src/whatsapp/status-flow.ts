import type { ActionRequest } from '../core/action-request.js';
import { callAuthsignal } from '../core/call-authsignal.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { flowFailure } from './flow-failure.js';
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
  const { subject: userId } = user.value;
  const { port } = parts.options;
  const [known, authenticators] = await Promise.all([
    callAuthsignal('getUser', () => port.getUser({ userId })),
    callAuthsignal('getAuthenticators', () => port.getAuthenticators({ userId })),
  ]);
  if (!known.ok) {
    return refuse(flowFailure(scope, known.failure));
  }
  if (!authenticators.ok) {
    return refuse(flowFailure(scope, authenticators.failure));
  }
  const whatsApp = authenticators.value.find(
    ({ verificationMethod }) => verificationMethod === 'WHATSAPP',
  );
  const number = whatsApp?.phoneNumber;
  return proceed({
    enrolled: known.value.isEnrolled,
    phoneNumber: number === undefined ? null : maskPhone(number),
  });
}
