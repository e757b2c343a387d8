import { randomInt } from 'node:crypto';
import type { Answer } from '../answer.js';
import { ok } from '../answer.js';
import type { AuthenticatorRecord } from '../authenticator-record.js';
import { type Call, param } from '../call.js';
import { enrol } from '../enrolment.js';
import { present, readFields } from '../fields.js';
import { invalidRequest, methodNotEnabled, notFound } from '../refusals.js';
import { iso, type Tenant } from '../tenant.js';
import { isE164, isVerificationMethod, usesEmail, usesPhone } from '../verification-method.js';

const RECOVERY_CODES = 10;
/** No letter or digit that looks like another. */
const RECOVERY_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const ATTRIBUTES = {
  verificationMethod: 'string',
  phoneNumber: 'string',
  email: 'string',
  isDefault: 'boolean',
} as const;

export function getAuthenticators(tenant: Tenant, call: Call): Answer {
  const authenticators = tenant.state.authenticators(param(call, 'userId'));
  return ok(authenticators.map((authenticator) => authenticatorView(tenant, authenticator)));
}

export function enrollVerifiedAuthenticator(tenant: Tenant, call: Call): Answer {
  const read = readFields(call.body, ATTRIBUTES);
  if ('refusal' in read) return read.refusal;
  const { verificationMethod: method, phoneNumber, email, isDefault } = read.fields;
  if (!isVerificationMethod(method)) return invalidRequest('verificationMethod is invalid.');
  if (!tenant.methods.includes(method)) return methodNotEnabled(method);
  if (usesPhone(method) && !isPhone(tenant, phoneNumber)) {
    return invalidRequest('phoneNumber is invalid.');
  }
  if (usesEmail(method) && email === undefined) return invalidRequest('email is required.');
  const { authenticator, isNew } = enrol(tenant, {
    userId: param(call, 'userId'),
    verificationMethod: method,
    ...present({ phoneNumber, email, isDefault }),
  });
  const hasCodes = isNew && tenant.switches.recoveryCodes;
  return ok({
    authenticator: authenticatorView(tenant, authenticator),
    ...(hasCodes ? { recoveryCodes: recoveryCodes() } : {}),
  });
}

export function deleteAuthenticator(tenant: Tenant, call: Call): Answer {
  const isRemoved = tenant.state.removeAuthenticator(
    param(call, 'userId'),
    param(call, 'userAuthenticatorId'),
  );
  return isRemoved ? ok({ success: true }) : notFound('The user has no such authenticator.');
}

export function authenticatorView(tenant: Tenant, authenticator: AuthenticatorRecord) {
  const { userId, userAuthenticatorId, verificationMethod, isDefault } = authenticator;
  const { phoneNumber, email, createdAt, verifiedAt, lastVerifiedAt } = authenticator;
  const user = tenant.state.users.get(userId);
  return {
    userId,
    userAuthenticatorId,
    verificationMethod,
    isDefault,
    createdAt: iso(createdAt),
    verifiedAt: iso(verifiedAt),
    ...present({
      lastVerifiedAt: lastVerifiedAt === undefined ? undefined : iso(lastVerifiedAt),
      phoneNumber,
      email,
      username: user?.username,
      displayName: user?.displayName,
    }),
  };
}

export function isPhone(tenant: Tenant, phoneNumber: string | undefined): boolean {
  if (phoneNumber === undefined || phoneNumber === '') return false;
  return tenant.switches.invalidPhone === 'accept' || isE164(phoneNumber);
}

function recoveryCodes(): string[] {
  const letter = () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)];
  const half = () => Array.from({ length: 5 }, letter).join('');
  return Array.from({ length: RECOVERY_CODES }, () => `${half()}-${half()}`);
}
