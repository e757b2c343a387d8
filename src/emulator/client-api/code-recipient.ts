import type { ActionRecord } from '../action-record.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { contactOf } from '../contact.js';
import { authenticatorOf, isEnrolled, mayEnrol } from '../enrolment.js';
import type { Tenant } from '../tenant.js';
import type { CodeMethod } from '../verification-method.js';

/**
 * Where the method's code for this action goes, if anywhere. What the user is adding comes first,
 * then what is enrolled; what was tracked serves while nothing is, or if a switch says so.
 */
export function recipientOf(
  tenant: Tenant,
  record: ActionRecord,
  method: CodeMethod,
  scope: string,
): string | undefined {
  const { userId } = record;
  const { clientNumber, clientWithoutAuthenticator, missingScope } = tenant.switches;
  const pending = pendingContact(tenant, record, method, scope);
  if (pending !== undefined) return pending;
  const enrolled = contactOf(method, authenticatorOf(tenant, userId, method));
  const tracked = contactOf(method, tenant.state.users.get(userId));
  if (enrolled !== undefined) return clientNumber === 'tracked' ? (tracked ?? enrolled) : enrolled;
  if (clientWithoutAuthenticator === 'refuse') return undefined;
  const mayAdd = mayEnrol(tenant, userId, method, scope) || missingScope === 'enrol';
  return mayAdd || !isEnrolled(tenant, userId) ? tracked : undefined;
}

/** The code went to a number or an address that is no longer the one to prove. */
export function isOutdated(
  tenant: Tenant,
  record: ActionRecord | undefined,
  challenge: ChallengeRecord,
  userId: string,
): boolean {
  const { method, scope } = challenge;
  const sentTo = contactOf(method, challenge);
  const pending = record === undefined ? undefined : pendingContact(tenant, record, method, scope);
  if (pending !== undefined) return pending !== sentTo;
  const enrolled = contactOf(method, authenticatorOf(tenant, userId, method));
  if (enrolled === undefined || tenant.switches.clientNumber === 'tracked') return false;
  return enrolled !== sentTo;
}

/** Only as long as it may still be added: another authenticator may have come first. */
function pendingContact(
  tenant: Tenant,
  record: ActionRecord,
  method: CodeMethod,
  scope: string,
): string | undefined {
  const pending = record.pendingAuthenticator;
  if (pending?.verificationMethod !== method) return undefined;
  const mayAdd =
    mayEnrol(tenant, record.userId, method, scope) || tenant.switches.missingScope === 'enrol';
  return mayAdd ? contactOf(method, pending) : undefined;
}
