import type { ActionRecord } from '../action-record.js';
import { isActionState } from '../action-state.js';
import { type Answer, ok } from '../answer.js';
import { type Call, param } from '../call.js';
import { setState } from '../completion.js';
import { present } from '../fields.js';
import { invalidRequest, notFound } from '../refusals.js';
import { iso, type Tenant } from '../tenant.js';

const LOOK_BACK_MS = 30 * 24 * 3_600_000;

export function getAction(tenant: Tenant, call: Call): Answer {
  const record = recordOf(tenant, call);
  return record === undefined ? unknownAction() : ok(actionView(record));
}

export function updateAction(tenant: Tenant, call: Call): Answer {
  const { state } = call.body;
  if (!isActionState(state)) return invalidRequest('state is invalid.');
  const record = recordOf(tenant, call);
  if (record === undefined) return unknownAction();
  if (state === 'CHALLENGE_REQUIRED' && record.state !== state) record.raisedByUpdate = true;
  setState(tenant, record, state);
  return ok(actionView(record));
}

export function queryUserActions(tenant: Tenant, call: Call): Answer {
  const { query } = call;
  const userId = param(call, 'userId');
  const state = query.get('state');
  if (state !== null && !isActionState(state)) return invalidRequest('state is invalid.');
  const from = query.get('fromDate');
  const fromTime = from === null ? 0 : Date.parse(from);
  if (Number.isNaN(fromTime)) return invalidRequest('fromDate is invalid.');
  const since = Math.max(fromTime, tenant.clock.now() - LOOK_BACK_MS);
  const codes = query.get('codes')?.split(',');
  const found = [...tenant.state.actions()].filter(
    (record) =>
      record.userId === userId &&
      record.createdAt >= since &&
      (state === null || record.state === state) &&
      (codes === undefined || codes.includes(record.action)),
  );
  return ok(found.reverse().map(listView));
}

function recordOf(tenant: Tenant, call: Call): ActionRecord | undefined {
  return tenant.state.action({
    userId: param(call, 'userId'),
    action: param(call, 'action'),
    idempotencyKey: param(call, 'idempotencyKey'),
  });
}

const unknownAction = (): Answer => notFound('There is no such action.');

function actionView(record: ActionRecord) {
  const { state, createdAt, stateUpdatedAt, rules, verificationMethod, custom } = record;
  return {
    state,
    createdAt: iso(createdAt),
    stateUpdatedAt: iso(stateUpdatedAt),
    rules,
    ruleIds: rules.map(({ ruleId }) => ruleId),
    output: { custom },
    ...present({ verificationMethod, priorityRuleId: rules[0]?.ruleId }),
  };
}

function listView(record: ActionRecord) {
  const { action, idempotencyKey, createdAt, updatedAt, state, stateUpdatedAt } = record;
  const { verificationMethod, verifiedByAuthenticatorId, userAgent, ipAddress } = record;
  return {
    actionCode: action,
    idempotencyKey,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    state,
    stateUpdatedAt: iso(stateUpdatedAt),
    ...present({ verificationMethod, verifiedByAuthenticatorId, userAgent, ipAddress }),
  };
}
