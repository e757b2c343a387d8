import { callAuthsignal } from '../core/call-authsignal.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { flowFailure } from './flow-failure.js';
import type { FlowScope } from './flow-scope.js';
import type { AuthenticatorChange } from './options.js';

/** Tells of a change that has happened. What the application's hook throws does not undo it. */
export async function announceChange(scope: FlowScope, change: AuthenticatorChange): Promise<void> {
  const { kind: purpose, phoneNumber } = change;
  scope.report({ type: 'authenticator_changed', purpose, phoneNumber: maskPhone(phoneNumber) });
  const { given } = scope.parts;
  await scope.call('onAuthenticatorChanged', () => given.onAuthenticatorChanged?.(change));
}

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
