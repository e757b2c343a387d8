import { randomUUID } from 'node:crypto';
import type { ActionRecord } from '../action-record.js';
import { type Answer, ok, refuse } from '../answer.js';
import type { AuthenticatorRecord } from '../authenticator-record.js';
import type { ClientCall } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { complete } from '../completion.js';
import { authenticatorOf, enrol, isEnrolled, mayEnrol } from '../enrolment.js';
import { present } from '../fields.js';
import {
  checkCode,
  destinationOf,
  isLive,
  refuseSend,
  refuseVerify,
  sendCode,
} from '../one-time-code.js';
import { invalidRequest, methodNotEnabled, unauthorized } from '../refusals.js';
import { authenticatorView } from '../server-api/authenticators.js';
import { failAction } from '../server-api/verify.js';
import type { Tenant } from '../tenant.js';

const METHOD = 'WHATSAPP';
const VERIFIED_SCOPE = ['read', 'add', 'update', 'remove']
  .map((verb) => `${verb}:authenticators`)
  .join(' ');

/** Sends a code for the token's action; called again, it sends another for the same challenge. */
export function challengeWhatsApp(tenant: Tenant, call: ClientCall): Answer {
  const { userId, action, idempotencyKey, scope } = call.token;
  const record = tenant.state.action(call.token);
  if (record === undefined || !tenant.state.users.has(userId)) return unauthorized();
  if (!tenant.methods.includes(METHOD)) return methodNotEnabled(METHOD);
  if (record.allowedVerificationMethods?.includes(METHOD) === false) {
    return invalidRequest('WHATSAPP is not allowed for this action.');
  }
  if (record.state === 'ALLOW' && tenant.switches.challengeOnAllow === 'http-400') {
    return invalidRequest('The action does not require a challenge.');
  }
  const phoneNumber = numberFor(tenant, record, scope);
  if (phoneNumber === undefined) {
    return invalidRequest('The user has no WHATSAPP authenticator and no phone number.');
  }
  const refusal = refuseSend(tenant, phoneNumber);
  if (refusal !== undefined) return refusal;
  const open = openChallenge(tenant, call);
  const challenge = open?.phoneNumber === phoneNumber ? open : undefined;
  const challengeId = challenge?.challengeId ?? randomUUID();
  sendCode(
    tenant,
    challenge ?? {
      challengeId,
      origin: 'client',
      method: METHOD,
      phoneNumber,
      userId,
      action,
      idempotencyKey,
      scope,
      codes: [],
      wrongAttempts: 0,
      createdAt: tenant.clock.now(),
      expiresAt: 0,
    },
  );
  return ok({ challengeId });
}

export async function verifyWhatsApp(tenant: Tenant, call: ClientCall): Promise<Answer> {
  const { verificationCode } = call.body;
  if (typeof verificationCode !== 'string') {
    return invalidRequest('verificationCode is required.');
  }
  const { userId, action, idempotencyKey } = call.token;
  if (!tenant.state.users.has(userId)) return unauthorized();
  const challenge = tenant.state.clientChallenge(call.token);
  const limited = refuseVerify(
    tenant,
    challenge === undefined ? `user ${userId}` : destinationOf(challenge),
  );
  if (limited !== undefined) return limited;
  if (challenge === undefined || isOutdated(tenant, challenge, userId)) {
    return ok({ isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' });
  }
  const check = checkCode(tenant, challenge, verificationCode);
  if (check !== 'right') {
    if (check === 'MAX_ATTEMPTS_EXCEEDED') failAction(tenant, challenge);
    return ok({ isVerified: false, failureReason: check });
  }
  const { authenticator, isNew } = enrolOnSuccess(tenant, challenge, userId);
  const done = { userId, action, idempotencyKey };
  complete(tenant, { ...done, method: METHOD, ...present({ authenticator }) });
  const view = authenticator && isNew ? authenticatorView(tenant, authenticator) : undefined;
  const accessToken = await tenant.tokens.issue({ ...done, scope: VERIFIED_SCOPE });
  return ok({ isVerified: true, accessToken, ...present({ userAuthenticator: view }) });
}

function openChallenge(tenant: Tenant, call: ClientCall): ChallengeRecord | undefined {
  const challenge = tenant.state.clientChallenge(call.token);
  const isOpen = challenge?.verifiedAt === undefined;
  return challenge !== undefined && isOpen && isLive(tenant, challenge) ? challenge : undefined;
}

/** The enrolled number, never the tracked one, unless a switch says so or there is nothing enrolled. */
function numberFor(tenant: Tenant, record: ActionRecord, scope: string): string | undefined {
  const { userId } = record;
  const { clientNumber, clientWithoutAuthenticator, missingScope } = tenant.switches;
  const enrolled = authenticatorOf(tenant, userId, METHOD)?.phoneNumber;
  const tracked = tenant.state.users.get(userId)?.phoneNumber;
  if (enrolled !== undefined) return clientNumber === 'tracked' ? (tracked ?? enrolled) : enrolled;
  if (clientWithoutAuthenticator === 'refuse') return undefined;
  const mayAdd = mayEnrol(tenant, userId, METHOD, scope) || missingScope === 'enrol';
  return mayAdd || !isEnrolled(tenant, userId) ? tracked : undefined;
}

/** The number that the code went to is no longer the one that the user has enrolled. */
function isOutdated(tenant: Tenant, challenge: ChallengeRecord, userId: string): boolean {
  const enrolled = authenticatorOf(tenant, userId, METHOD)?.phoneNumber;
  if (enrolled === undefined || tenant.switches.clientNumber === 'tracked') return false;
  return enrolled !== challenge.phoneNumber;
}

function enrolOnSuccess(
  tenant: Tenant,
  challenge: ChallengeRecord,
  userId: string,
): { readonly authenticator?: AuthenticatorRecord; readonly isNew: boolean } {
  const known = authenticatorOf(tenant, userId, METHOD);
  if (known !== undefined) return { authenticator: known, isNew: false };
  const { phoneNumber, scope } = challenge;
  const mayAdd =
    mayEnrol(tenant, userId, METHOD, scope) || tenant.switches.missingScope === 'enrol';
  if (!mayAdd) return { isNew: false };
  return enrol(tenant, { userId, verificationMethod: METHOD, ...present({ phoneNumber }) });
}

/** Expired tokens have a code of their own: the browser SDK calls `onTokenExpired` for it. */
export function refuseToken(tenant: Tenant, kind: 'expired' | 'invalid'): Answer {
  const status = tenant.switches.clientTokenErrorStatus;
  return kind === 'expired'
    ? refuse(status, 'expired_token', 'The token has expired.')
    : refuse(status, 'unauthorized', 'The request is unauthorized.');
}
