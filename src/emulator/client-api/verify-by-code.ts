import type { ActionRecord } from '../action-record.js';
import { type Answer, ok } from '../answer.js';
import type { AuthenticatorRecord } from '../authenticator-record.js';
import type { ClientCall, Handler } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { complete } from '../completion.js';
import { contactOf } from '../contact.js';
import { authenticatorOf, enrol, mayEnrol } from '../enrolment.js';
import { present } from '../fields.js';
import { checkCode, destinationOf, refuseVerify } from '../one-time-code.js';
import { invalidRequest, unauthorized } from '../refusals.js';
import { authenticatorView } from '../server-api/authenticators.js';
import { failAction } from '../server-api/verify.js';
import type { Tenant } from '../tenant.js';
import type { CodeMethod } from '../verification-method.js';
import { isOutdated } from './code-recipient.js';

const VERIFIED_SCOPE = ['read', 'add', 'update', 'remove']
  .map((verb) => `${verb}:authenticators`)
  .join(' ');

/** Checks the code of the token's action; what was being added is enrolled with the right one. */
export function verifyByCode(method: CodeMethod): Handler<ClientCall> {
  return async (tenant, call) => {
    const { verificationCode } = call.body;
    if (typeof verificationCode !== 'string') {
      return invalidRequest('verificationCode is required.');
    }
    const { userId } = call.token;
    if (!tenant.state.users.has(userId)) return unauthorized();
    const record = tenant.state.action(call.token);
    const challenge = tenant.state.clientChallenge(call.token, method);
    const limited = refuseVerify(
      tenant,
      challenge === undefined ? `user ${userId}` : destinationOf(challenge),
    );
    if (limited !== undefined) return limited;
    if (challenge === undefined || isOutdated(tenant, record, challenge, userId)) {
      return ok({ isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' });
    }
    const check = checkCode(tenant, challenge, verificationCode);
    if (check !== 'right') {
      if (check === 'MAX_ATTEMPTS_EXCEEDED') failAction(tenant, challenge);
      return ok({ isVerified: false, failureReason: check });
    }
    return succeed(tenant, call, record, challenge);
  };
}

async function succeed(
  tenant: Tenant,
  call: ClientCall,
  record: ActionRecord | undefined,
  challenge: ChallengeRecord,
): Promise<Answer> {
  const { userId, action, idempotencyKey } = call.token;
  const { authenticator, isNew } = enrolOnSuccess(tenant, record, challenge, userId);
  const done = { userId, action, idempotencyKey };
  complete(tenant, { ...done, method: challenge.method, ...present({ authenticator }) });
  const view = authenticator && isNew ? authenticatorView(tenant, authenticator) : undefined;
  const accessToken = await tenant.tokens.issue({ ...done, scope: VERIFIED_SCOPE });
  return ok({ isVerified: true, accessToken, ...present({ userAuthenticator: view }) });
}

function enrolOnSuccess(
  tenant: Tenant,
  record: ActionRecord | undefined,
  challenge: ChallengeRecord,
  userId: string,
): { readonly authenticator?: AuthenticatorRecord; readonly isNew: boolean } {
  const { method, scope, phoneNumber, email } = challenge;
  const known = authenticatorOf(tenant, userId, method);
  const added = takePending(record, challenge);
  if (known !== undefined && added === undefined) return { authenticator: known, isNew: false };
  const mayAdd =
    mayEnrol(tenant, userId, method, scope) || tenant.switches.missingScope === 'enrol';
  if (!mayAdd) return { isNew: false };
  const contact = present({ phoneNumber, email, userAuthenticatorId: added });
  return enrol(tenant, { userId, verificationMethod: method, ...contact });
}

/** The id of what the user was adding, if this code was for that; it is added only once. */
function takePending(
  record: ActionRecord | undefined,
  challenge: ChallengeRecord,
): string | undefined {
  const pending = record?.pendingAuthenticator;
  if (record === undefined || pending?.verificationMethod !== challenge.method) return undefined;
  if (contactOf(challenge.method, pending) !== destinationOf(challenge)) return undefined;
  delete record.pendingAuthenticator;
  return pending.userAuthenticatorId;
}
