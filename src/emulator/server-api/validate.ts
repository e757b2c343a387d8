import type { ActionRecord } from '../action-record.js';
import { type Answer, ok, refuse } from '../answer.js';
import type { Call } from '../call.js';
import { present, readFields } from '../fields.js';
import { invalidRequest } from '../refusals.js';
import { iso, type Tenant } from '../tenant.js';

const FIELDS = { token: 'string', userId: 'string', action: 'string' } as const;

/** Reads what the action is now, not what it was when the token was issued. */
export async function validate(tenant: Tenant, call: Call): Promise<Answer> {
  const read = readFields(call.body, FIELDS);
  if ('refusal' in read) return read.refusal;
  const { token, userId, action } = read.fields;
  if (token === undefined) return invalidRequest('token is required.');
  const reading = await tenant.tokens.read(token);
  if (reading.kind !== 'valid') return badToken(tenant);
  if (userId !== undefined && userId !== reading.token.userId) {
    return ok({ isValid: false, error: 'User is invalid.' });
  }
  if (action !== undefined && action !== reading.token.action) {
    return ok({ isValid: false, error: 'Action is invalid.' });
  }
  const record = tenant.state.action(reading.token);
  const { tokenId } = reading.token;
  if (record === undefined || tenant.state.usedTokens.has(tokenId)) return badToken(tenant);
  if (tenant.switches.validateOnce && record.state === 'CHALLENGE_SUCCEEDED') {
    tenant.state.usedTokens.add(tokenId);
    tenant.state.changed();
  }
  return ok(validation(record));
}

function validation(record: ActionRecord) {
  const { state, userId, action, idempotencyKey, stateUpdatedAt, verificationMethod } = record;
  const isValid = state === 'CHALLENGE_SUCCEEDED';
  return {
    isValid,
    state,
    stateUpdatedAt: iso(stateUpdatedAt),
    userId,
    action,
    actionCode: action,
    idempotencyKey,
    ...present({ verificationMethod: isValid ? verificationMethod : undefined }),
  };
}

function badToken(tenant: Tenant): Answer {
  const description = 'Token is invalid.';
  switch (tenant.switches.validateBadToken) {
    case 'isValid-false':
      return ok({ isValid: false, error: description });
    case 'http-400':
      return refuse(400, 'invalid_token', description);
    case 'http-401':
      return refuse(401, 'invalid_token', description);
  }
}
