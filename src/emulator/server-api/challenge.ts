import { randomUUID } from 'node:crypto';
import { ACTION_CODE } from '../action-settings.js';
import { type Answer, ok } from '../answer.js';
import type { Call } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { ensureRecord } from '../completion.js';
import { type Fields, present, readFields } from '../fields.js';
import { destinationOf, isLive, refuseSend, sendCode } from '../one-time-code.js';
import { invalidRequest, methodNotEnabled } from '../refusals.js';
import { matchRules } from '../rules.js';
import type { Tenant } from '../tenant.js';
import { isCodeMethod } from '../verification-method.js';
import { isPhone } from './authenticators.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { ruleData } from './rule-data.js';

const FIELDS = {
  verificationMethod: 'string',
  action: 'string',
  phoneNumber: 'string',
  email: 'string',
  userId: 'string',
  scope: 'string',
  idempotencyKey: 'string',
  challengeId: 'string',
  smsChannel: 'string',
  locale: 'string',
  ipAddress: 'string',
  userAgent: 'string',
  deviceId: 'string',
  custom: 'custom',
} as const;
type ChallengeFields = Fields<typeof FIELDS>;

const SCOPES = ['read', 'add', 'update', 'remove'].map((verb) => `${verb}:authenticators`);

export function challenge(tenant: Tenant, call: Call): Answer {
  const read = readFields(call.body, FIELDS);
  if ('refusal' in read) return read.refusal;
  const { fields } = read;
  const made =
    fields.challengeId === undefined
      ? newChallenge(tenant, fields)
      : earlierChallenge(tenant, fields, fields.challengeId);
  if ('refusal' in made) return made.refusal;
  const refusal = refuseSend(tenant, destinationOf(made.challenge));
  if (refusal !== undefined) return refusal;
  sendCode(tenant, made.challenge);
  const { challengeId, idempotencyKey, userId, action, expiresAt } = made.challenge;
  if (userId !== undefined) {
    tenant.state.ensureUser(userId);
    const { custom, ipAddress, userAgent, deviceId } = fields;
    const details = present({ custom, ipAddress, userAgent, deviceId });
    ensureRecord(tenant, { userId, action, idempotencyKey }, details);
  }
  return ok({ challengeId, idempotencyKey, expiresAt: Math.floor(expiresAt / 1000) });
}

type Made = { readonly challenge: ChallengeRecord } | { readonly refusal: Answer };

const refused = (description: string): Made => ({ refusal: invalidRequest(description) });

/** The same challenge again; its recipient cannot be changed by the way. */
function earlierChallenge(tenant: Tenant, fields: ChallengeFields, challengeId: string): Made {
  const earlier = tenant.state.challenge(challengeId);
  if (earlier?.origin !== 'server' || !isLive(tenant, earlier)) {
    return refused('challengeId is invalid.');
  }
  if (earlier.verifiedAt !== undefined) return refused('The challenge is already verified.');
  for (const name of ['phoneNumber', 'email', 'userId', 'action', 'idempotencyKey'] as const) {
    if (fields[name] !== undefined && fields[name] !== earlier[name]) {
      return refused(`${name} differs from the challenge's.`);
    }
  }
  return { challenge: earlier };
}

function newChallenge(tenant: Tenant, fields: ChallengeFields): Made {
  const { phoneNumber, email, userId, action, scope = '', smsChannel } = fields;
  const method = fields.verificationMethod ?? (email === undefined ? 'SMS' : 'EMAIL_OTP');
  if (!isCodeMethod(method)) return refused('verificationMethod is invalid.');
  if (!tenant.methods.includes(method)) return { refusal: methodNotEnabled(method) };
  if (action === undefined) return refused('action is required.');
  if (!ACTION_CODE.test(action)) return refused('The action code is invalid.');
  const contact = contactOf(tenant, method, phoneNumber, email);
  if (typeof contact === 'string') return refused(`${contact} is invalid.`);
  if (userId === '') return refused('userId is invalid.');
  const scopes = scope.split(' ').filter((name) => name !== '');
  if (!scopes.every((name) => SCOPES.includes(name))) return refused('scope is invalid.');
  if (smsChannel !== undefined && smsChannel !== 'DEFAULT' && smsChannel !== 'WHATSAPP') {
    return refused('smsChannel is invalid.');
  }
  const idempotencyKey = idempotencyKeyOf(tenant, fields.idempotencyKey);
  if (idempotencyKey === undefined) return refused('idempotencyKey is invalid.');
  if (isBlocked(tenant, action, fields)) return refused('The action is blocked.');
  return {
    challenge: {
      challengeId: randomUUID(),
      origin: 'server',
      method,
      ...contact,
      ...present({ userId, smsChannel }),
      action,
      idempotencyKey,
      scope,
      codes: [],
      wrongAttempts: 0,
      createdAt: tenant.clock.now(),
      expiresAt: 0,
    },
  };
}

/** The recipient, or the name of the field that is missing or wrong. */
function contactOf(
  tenant: Tenant,
  method: ChallengeRecord['method'],
  phoneNumber: string | undefined,
  email: string | undefined,
) {
  if (method === 'EMAIL_OTP') {
    return email !== undefined && /^[^@\s]+@[^@\s]+$/.test(email) ? { email } : 'email';
  }
  return phoneNumber !== undefined && isPhone(tenant, phoneNumber)
    ? { phoneNumber }
    : 'phoneNumber';
}

function isBlocked(tenant: Tenant, action: string, fields: ChallengeFields): boolean {
  if (tenant.switches.blockOnServerChallenge === 'ignore') return false;
  const { outcome, rules } = tenant.actions.get(action);
  const result = matchRules(
    rules,
    ruleData(tenant, { userId: fields.userId ?? '', action }, fields),
  );
  if ('broken' in result) return false;
  return (result.matched[0]?.outcome ?? outcome) === 'BLOCK';
}
