import type { EmulatorSwitches } from './switches.js';
import { type CodeMethod, isE164, usesEmail } from './verification-method.js';

/** Where a code goes: an E.164 number or the address of an e-mail. */
export interface Contact {
  readonly phoneNumber?: string;
  readonly email?: string;
}

/** What the Client API calls the contact of a method. */
export function contactField(method: CodeMethod): 'phoneNumber' | 'email' {
  return usesEmail(method) ? 'email' : 'phoneNumber';
}

export function contactAt(method: CodeMethod, to: string): Contact {
  return { [contactField(method)]: to };
}

/** The number or the address of an authenticator, a user or a challenge. */
export function contactOf(method: CodeMethod, holder: Contact | undefined): string | undefined {
  return holder?.[contactField(method)];
}

/** Whether `to` can be what the method sends to; the switch `invalidPhone` lets any number through. */
export function isContact(
  switches: EmulatorSwitches,
  method: CodeMethod,
  to: unknown,
): to is string {
  if (typeof to !== 'string' || to === '') return false;
  if (usesEmail(method)) return /^[^@\s]+@[^@\s]+$/.test(to);
  return switches.invalidPhone === 'accept' || isE164(to);
}
