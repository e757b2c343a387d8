import { callAuthsignal } from '../core/call-authsignal.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { flowFailure } from './flow-failure.js';
import type { FlowScope } from './flow-scope.js';

/** The WhatsApp number that a user has now; `null` where there is none. */
export async function currentNumber(
  scope: FlowScope,
  userId: string,
): Promise<Step<string | null>> {
  const result = await callAuthsignal('getAuthenticators', () =>
    scope.options.port.getAuthenticators({ userId }),
  );
  if (!result.ok) {
    return refuse(flowFailure(scope, result.failure));
  }
  const whatsApp = result.value.find(({ verificationMethod }) => verificationMethod === 'WHATSAPP');
  return proceed(whatsApp?.phoneNumber ?? null);
}

/** Whether the user has any authenticator. */
export async function isEnrolled(scope: FlowScope, userId: string): Promise<Step<boolean>> {
  const result = await callAuthsignal('getUser', () => scope.options.port.getUser({ userId }));
  return result.ok ? proceed(result.value.isEnrolled) : refuse(flowFailure(scope, result.failure));
}
