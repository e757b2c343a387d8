import type { ActionRecord } from '../action-record.js';
import { ACTION_CODE } from '../action-settings.js';
import { stateFor } from '../action-state.js';
import { type Answer, ok, refuse } from '../answer.js';
import { type Call, param } from '../call.js';
import { enrolledMethods, isEnrolled } from '../enrolment.js';
import { present, readFields } from '../fields.js';
import { invalidRequest } from '../refusals.js';
import { matchRules } from '../rules.js';
import type { Tenant } from '../tenant.js';
import type { UserRecord } from '../user-record.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { ruleData } from './rule-data.js';
import { TRACK_ATTRIBUTES, type TrackAttributes } from './track-attributes.js';
import { changeContact } from './users.js';

const DEFAULT_SCOPE = 'read:authenticators';

export async function track(tenant: Tenant, call: Call): Promise<Answer> {
  const userId = param(call, 'userId');
  const action = param(call, 'action');
  const read = readFields(call.body, TRACK_ATTRIBUTES);
  if ('refusal' in read) return read.refusal;
  const attributes = read.fields;
  const idempotencyKey = idempotencyKeyOf(tenant, attributes.idempotencyKey);
  const refusal = refusalOf(tenant, action, idempotencyKey);
  if (refusal !== undefined) return refusal;
  const reference = { userId, action, idempotencyKey: idempotencyKey ?? '' };
  const known = tenant.state.action(reference);
  const { retrack } = tenant.switches;
  if (known !== undefined && retrack === 'http-409') {
    return refuse(409, 'conflict', 'An action with this idempotencyKey was tracked before.');
  }
  const evaluated =
    known === undefined || retrack === 'evaluate-again'
      ? evaluate(tenant, reference, attributes)
      : known;
  if ('broken' in evaluated) {
    const description = `The rule "${evaluated.broken}" cannot be evaluated.`;
    return refuse(400, 'invalid_configuration', description);
  }
  remember(tenant.state.ensureUser(userId), attributes);
  tenant.state.putAction(evaluated);
  return trackAnswer(tenant, evaluated, attributes.scope ?? DEFAULT_SCOPE);
}

function refusalOf(
  tenant: Tenant,
  action: string,
  idempotencyKey: string | undefined,
): Answer | undefined {
  if (!ACTION_CODE.test(action)) return invalidRequest('The action code is invalid.');
  if (idempotencyKey === undefined) return invalidRequest('idempotencyKey is invalid.');
  if (tenant.switches.unknownAction === 'http-400' && !tenant.actions.has(action)) {
    return invalidRequest('The action is not configured.');
  }
  if (tenant.methods.length === 0) {
    return refuse(400, 'AUTHENTICATOR_NOT_FOUND', 'The tenant has no authenticators configured.');
  }
  return undefined;
}

function evaluate(
  tenant: Tenant,
  reference: Pick<ActionRecord, 'userId' | 'action' | 'idempotencyKey'>,
  attributes: TrackAttributes,
): ActionRecord | { readonly broken: string } {
  const { outcome, rules } = tenant.actions.get(reference.action);
  const result = matchRules(rules, ruleData(tenant, reference, attributes));
  if ('broken' in result) return result;
  const [deciding] = result.matched;
  const now = tenant.clock.now();
  const { ipAddress, userAgent, deviceId, redirectUrl } = attributes;
  return {
    ...reference,
    state: stateFor(deciding?.outcome ?? outcome, isEnrolled(tenant, reference.userId)),
    createdAt: tenant.state.action(reference)?.createdAt ?? now,
    updatedAt: now,
    stateUpdatedAt: now,
    rules: result.matched.map(({ ruleId, name }) => ({ ruleId, name })),
    custom: attributes.custom ?? {},
    raisedByUpdate: false,
    ...(deciding?.verificationMethods === undefined
      ? {}
      : { allowedVerificationMethods: [...deciding.verificationMethods] }),
    ...present({ ipAddress, userAgent, deviceId, redirectUrl }),
  };
}

function remember(user: UserRecord, attributes: TrackAttributes): void {
  const { username, locale, deviceId } = attributes;
  changeContact(user, attributes);
  Object.assign(user, present({ username, locale }));
  if (deviceId !== undefined && !user.devices.includes(deviceId)) user.devices.push(deviceId);
}

async function trackAnswer(tenant: Tenant, record: ActionRecord, scope: string): Promise<Answer> {
  const { userId, action, idempotencyKey, state } = record;
  const username = tenant.state.users.get(userId)?.username;
  const authenticators = tenant.state.authenticators(userId);
  const preferred = authenticators.find(({ isDefault }) => isDefault) ?? authenticators[0];
  const enrolled = isEnrolled(tenant, userId);
  const token = await tenant.tokens.issue({
    userId,
    action,
    idempotencyKey,
    scope,
    ...present({ username }),
  });
  return ok({
    state,
    idempotencyKey,
    token,
    url: `${tenant.url()}/challenge?token=${encodeURIComponent(token)}`,
    isEnrolled: enrolled,
    allowedVerificationMethods: record.allowedVerificationMethods ?? tenant.methods,
    ruleIds: record.rules.map(({ ruleId }) => ruleId),
    ...present({
      enrolledVerificationMethods: enrolled ? enrolledMethods(tenant, userId) : undefined,
      defaultVerificationMethod: preferred?.verificationMethod,
    }),
  });
}
