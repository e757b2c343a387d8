import type { ActionRecord } from './action-record.js';
import type { EmulatedActionState } from './action-state.js';
import type { AuthenticatorRecord } from './authenticator-record.js';
import type { ActionReference } from './state.js';
import type { Tenant } from './tenant.js';
import type { EmulatedVerificationMethod } from './verification-method.js';

export interface Completion extends ActionReference {
  readonly method: EmulatedVerificationMethod;
  readonly authenticator?: AuthenticatorRecord;
}

/** What a verified challenge does to its user, its authenticator and its action. */
export function complete(tenant: Tenant, completion: Completion): void {
  const { state, clock } = tenant;
  const { authenticator, method } = completion;
  const now = clock.now();
  state.ensureUser(completion.userId).lastVerifiedAt = now;
  if (authenticator !== undefined) authenticator.lastVerifiedAt = now;
  state.changed();
  const record = state.action(completion);
  if (record === undefined || !counts(tenant, record)) return;
  setState(tenant, record, 'CHALLENGE_SUCCEEDED');
  record.verificationMethod = method;
  if (authenticator !== undefined) {
    record.verifiedByAuthenticatorId = authenticator.userAuthenticatorId;
  }
}

/** Only an action that asked for a challenge is fulfilled by one. */
function counts(tenant: Tenant, record: ActionRecord): boolean {
  const { challengeOnAllow, challengeAfterUpdate } = tenant.switches;
  if (record.state === 'ALLOW') return challengeOnAllow === 'count';
  if (record.state !== 'CHALLENGE_REQUIRED') return false;
  return !record.raisedByUpdate || challengeAfterUpdate === 'count';
}

export function setState(tenant: Tenant, record: ActionRecord, state: EmulatedActionState): void {
  const now = tenant.clock.now();
  if (record.state !== state) record.stateUpdatedAt = now;
  record.state = state;
  record.updatedAt = now;
  tenant.state.changed();
}

/** The record of a challenge that the server started without tracking, made if there is none. */
export function ensureRecord(
  tenant: Tenant,
  reference: ActionReference,
  details: Partial<ActionRecord> = {},
): ActionRecord {
  const known = tenant.state.action(reference);
  if (known !== undefined) return known;
  const { userId, action, idempotencyKey } = reference;
  const now = tenant.clock.now();
  const record: ActionRecord = {
    rules: [],
    custom: {},
    ...details,
    userId,
    action,
    idempotencyKey,
    state: 'CHALLENGE_REQUIRED',
    createdAt: now,
    updatedAt: now,
    stateUpdatedAt: now,
    raisedByUpdate: false,
  };
  tenant.state.putAction(record);
  return record;
}
