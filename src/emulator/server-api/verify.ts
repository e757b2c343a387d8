import { type Answer, ok, refuse } from '../answer.js';
import type { AuthenticatorRecord } from '../authenticator-record.js';
import type { Call } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { complete, setState } from '../completion.js';
import { authenticatorOf, enrol, mayEnrol } from '../enrolment.js';
import { present, readFields } from '../fields.js';
import { checkCode, destinationOf, refuseVerify } from '../one-time-code.js';
import { invalidRequest } from '../refusals.js';
import type { Tenant } from '../tenant.js';

const FIELDS = { challengeId: 'string', verificationCode: 'string' } as const;

export function verify(tenant: Tenant, call: Call): Answer {
  const read = readFields(call.body, FIELDS);
  if ('refusal' in read) return read.refusal;
  const { challengeId, verificationCode } = read.fields;
  if (challengeId === undefined) return invalidRequest('challengeId is required.');
  if (verificationCode === undefined) return invalidRequest('verificationCode is required.');
  const challenge = tenant.state.challenge(challengeId);
  if (challenge?.origin !== 'server') return unknownChallenge(tenant);
  const refusal = refuseVerify(tenant, destinationOf(challenge)) ?? refuseScope(tenant, challenge);
  if (refusal !== undefined) return refusal;
  const check = checkCode(tenant, challenge, verificationCode);
  if (check !== 'right') {
    if (check === 'MAX_ATTEMPTS_EXCEEDED') failAction(tenant, challenge);
    return ok({ isVerified: false, failureReason: check });
  }
  const { userId, method, action, idempotencyKey, phoneNumber, email } = challenge;
  if (userId !== undefined) {
    const authenticator = enrolByScope(tenant, challenge, userId);
    complete(tenant, { userId, action, idempotencyKey, method, ...present({ authenticator }) });
  }
  return ok({
    isVerified: true,
    verificationMethod: method,
    ...present({ phoneNumber, email }),
  });
}

/** The action of a challenge whose attempts are used up, if the switch says that it has failed. */
export function failAction(tenant: Tenant, challenge: ChallengeRecord): void {
  const { userId, action, idempotencyKey } = challenge;
  if (tenant.switches.attemptsExceeded === 'keep-state' || userId === undefined) return;
  const record = tenant.state.action({ userId, action, idempotencyKey });
  if (record?.state === 'CHALLENGE_REQUIRED') setState(tenant, record, 'CHALLENGE_FAILED');
}

function unknownChallenge(tenant: Tenant): Answer {
  return tenant.switches.verifyUnknownChallenge === 'http-400'
    ? invalidRequest('challengeId is invalid.')
    : ok({ isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' });
}

function refuseScope(tenant: Tenant, challenge: ChallengeRecord): Answer | undefined {
  const { userId, scope, method } = challenge;
  if (userId === undefined || scope === '') return undefined;
  if (tenant.switches.missingScope !== 'http-403') return undefined;
  if (mayEnrol(tenant, userId, method, scope)) return undefined;
  return refuse(403, 'insufficient_scope', 'The scope does not allow this authenticator.');
}

/** A challenge without a scope proves the number and leaves the user's authenticators alone. */
function enrolByScope(
  tenant: Tenant,
  challenge: ChallengeRecord,
  userId: string,
): AuthenticatorRecord | undefined {
  const { scope, method, phoneNumber, email } = challenge;
  const { scopeEnrols, missingScope } = tenant.switches;
  const asked = /\b(add|update):authenticators\b/.test(scope);
  const isForMethod = scopeEnrols === 'every-method' || method === 'WHATSAPP';
  const isAllowed = mayEnrol(tenant, userId, method, scope) || missingScope === 'enrol';
  if (asked && isForMethod && isAllowed) {
    const contact = present({ phoneNumber, email });
    return enrol(tenant, { userId, verificationMethod: method, ...contact }).authenticator;
  }
  const known = authenticatorOf(tenant, userId, method);
  const isSame = known?.phoneNumber === phoneNumber && known?.email === email;
  return isSame ? known : undefined;
}
