import { randomUUID } from 'node:crypto';
import type { ActionRecord } from '../action-record.js';
import { type Answer, ok } from '../answer.js';
import type { ClientCall, Handler } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { contactAt, contactField, contactOf } from '../contact.js';
import { isLive, refuseSend, sendCode } from '../one-time-code.js';
import { invalidRequest, methodNotEnabled, unauthorized } from '../refusals.js';
import type { Tenant } from '../tenant.js';
import type { CodeMethod } from '../verification-method.js';
import { recipientOf } from './code-recipient.js';

/** Sends a code for the token's action; called again, it sends another for the same challenge. */
export function challengeByCode(method: CodeMethod): Handler<ClientCall> {
  return (tenant, call) => {
    const { userId, scope } = call.token;
    const { smsChannel } = call.body;
    const record = tenant.state.action(call.token);
    if (record === undefined || !tenant.state.users.has(userId)) return unauthorized();
    if (smsChannel !== undefined && smsChannel !== 'DEFAULT' && smsChannel !== 'WHATSAPP') {
      return invalidRequest('smsChannel is invalid.');
    }
    const refusal = refuseMethod(tenant, record, method);
    if (refusal !== undefined) return refusal;
    const to = recipientOf(tenant, record, method, scope);
    if (to === undefined) {
      const contact = contactField(method) === 'email' ? 'e-mail address' : 'phone number';
      return invalidRequest(`The user has no ${method} authenticator and no ${contact}.`);
    }
    const limited = refuseSend(tenant, to);
    if (limited !== undefined) return limited;
    const open = openChallenge(tenant, call, method);
    const challenge =
      contactOf(method, open) === to && open !== undefined
        ? open
        : newChallenge(tenant, call, method, to);
    if (method === 'SMS' && smsChannel !== undefined) challenge.smsChannel = smsChannel;
    sendCode(tenant, challenge);
    return ok({ challengeId: challenge.challengeId });
  };
}

function refuseMethod(
  tenant: Tenant,
  record: ActionRecord,
  method: CodeMethod,
): Answer | undefined {
  if (!tenant.methods.includes(method)) return methodNotEnabled(method);
  if (record.allowedVerificationMethods?.includes(method) === false) {
    return invalidRequest(`${method} is not allowed for this action.`);
  }
  if (record.state === 'ALLOW' && tenant.switches.challengeOnAllow === 'http-400') {
    return invalidRequest('The action does not require a challenge.');
  }
  return undefined;
}

function openChallenge(
  tenant: Tenant,
  call: ClientCall,
  method: CodeMethod,
): ChallengeRecord | undefined {
  const challenge = tenant.state.clientChallenge(call.token, method);
  const isOpen = challenge?.verifiedAt === undefined;
  return challenge !== undefined && isOpen && isLive(tenant, challenge) ? challenge : undefined;
}

function newChallenge(
  tenant: Tenant,
  call: ClientCall,
  method: CodeMethod,
  to: string,
): ChallengeRecord {
  const { userId, action, idempotencyKey, scope } = call.token;
  return {
    challengeId: randomUUID(),
    origin: 'client',
    method,
    ...contactAt(method, to),
    userId,
    action,
    idempotencyKey,
    scope,
    codes: [],
    wrongAttempts: 0,
    createdAt: tenant.clock.now(),
    expiresAt: 0,
  };
}
