import { maskPhone } from '../core/redact.js';
import type { FlowScope } from './flow-scope.js';
import type { AuthenticatorChange } from './options.js';

/** Tells of a change that has happened. What the application's hook throws does not undo it. */
export async function announceChange(scope: FlowScope, change: AuthenticatorChange): Promise<void> {
  const { kind: purpose, phoneNumber } = change;
  scope.report({ type: 'authenticator_changed', purpose, phoneNumber: maskPhone(phoneNumber) });
  const { given } = scope.parts;
  await scope.call('onAuthenticatorChanged', () => given.onAuthenticatorChanged?.(change));
}
