import { randomUUID } from 'node:crypto';
import type { AuthenticatorRecord } from './authenticator-record.js';
import type { Tenant } from './tenant.js';
import { type EmulatedVerificationMethod, usesEmail, usesPhone } from './verification-method.js';

export interface NewAuthenticator {
  readonly userId: string;
  readonly verificationMethod: EmulatedVerificationMethod;
  readonly phoneNumber?: string;
  readonly email?: string;
  readonly isDefault?: boolean;
  /** Default: a new one. */
  readonly userAuthenticatorId?: string;
}

export interface Enrolled {
  readonly authenticator: AuthenticatorRecord;
  /** False: the user had one of this method, and it was given the new number or address. */
  readonly isNew: boolean;
}

export function isEnrolled(tenant: Tenant, userId: string): boolean {
  return tenant.state.authenticators(userId).length > 0;
}

export function enrolledMethods(tenant: Tenant, userId: string): EmulatedVerificationMethod[] {
  const authenticators = tenant.state.authenticators(userId);
  return [...new Set(authenticators.map(({ verificationMethod }) => verificationMethod))];
}

export function authenticatorOf(
  tenant: Tenant,
  userId: string,
  method: EmulatedVerificationMethod,
): AuthenticatorRecord | undefined {
  return tenant.state
    .authenticators(userId)
    .find(({ verificationMethod }) => verificationMethod === method);
}

/** Adds a verified authenticator; one that is bound to a number or address is there once per method. */
export function enrol(tenant: Tenant, given: NewAuthenticator): Enrolled {
  const { userId, verificationMethod, phoneNumber, email } = given;
  const now = tenant.clock.now();
  markVerified(tenant, given);
  if (given.isDefault === true) {
    for (const other of tenant.state.authenticators(userId)) other.isDefault = false;
  }
  const isOnePerUser = usesPhone(verificationMethod) || usesEmail(verificationMethod);
  const known = isOnePerUser ? authenticatorOf(tenant, userId, verificationMethod) : undefined;
  const contact = {
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
    ...(email === undefined ? {} : { email }),
  };
  if (known !== undefined) {
    Object.assign(known, contact, { verifiedAt: now });
    if (given.isDefault !== undefined) known.isDefault = given.isDefault;
    tenant.state.changed();
    return { authenticator: known, isNew: false };
  }
  const authenticator: AuthenticatorRecord = {
    userId,
    userAuthenticatorId: given.userAuthenticatorId ?? randomUUID(),
    verificationMethod,
    ...contact,
    isDefault: given.isDefault ?? !isEnrolled(tenant, userId),
    createdAt: now,
    verifiedAt: now,
  };
  tenant.state.addAuthenticator(authenticator);
  return { authenticator, isNew: true };
}

function markVerified(tenant: Tenant, given: NewAuthenticator): void {
  const user = tenant.state.ensureUser(given.userId);
  if (given.phoneNumber !== undefined && usesPhone(given.verificationMethod)) {
    user.phoneNumber = given.phoneNumber;
    user.phoneNumberVerified = true;
  }
  if (given.email !== undefined && usesEmail(given.verificationMethod)) {
    user.email = given.email;
    user.emailVerified = true;
  }
}

/** Whether a verified challenge with `scope` may enrol: the first is free, others need their scope. */
export function mayEnrol(
  tenant: Tenant,
  userId: string,
  method: EmulatedVerificationMethod,
  scope: string,
): boolean {
  if (!isEnrolled(tenant, userId)) return true;
  const needed =
    authenticatorOf(tenant, userId, method) === undefined
      ? 'add:authenticators'
      : 'update:authenticators';
  return scope.split(' ').includes(needed);
}
