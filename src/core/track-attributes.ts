import { parse } from 'cookie';
import type { ActionRequest } from './action-request.js';
import type { TrackAttributes } from './authsignal-port.js';
import { isPlainObject } from './bound-values.js';
import type { Evaluation } from './evaluation.js';
import { proceed, type Step } from './step.js';

/** Authsignal's Web SDK keeps the device id in this cookie. */
const DEVICE_COOKIE = '__as_aid';
const DEVICE_ID = /^[\w-]{1,128}$/;
const MAX_USER_AGENT = 1024;

type FieldCheck = (value: unknown) => boolean;

const isText: FieldCheck = (value) => typeof value === 'string';

const CHECKS: { readonly [Field in keyof Required<TrackAttributes>]: FieldCheck } = {
  redirectUrl: isText,
  ipAddress: isText,
  userAgent: isText,
  deviceId: isText,
  email: isText,
  phoneNumber: isText,
  username: isText,
  locale: isText,
  custom: (value) =>
    isPlainObject(value) &&
    Object.values(value).every((item) =>
      typeof item === 'number'
        ? Number.isFinite(item)
        : ['string', 'boolean'].includes(typeof item),
    ),
};

const KNOWN = new Map<string, FieldCheck>(Object.entries(CHECKS));

/** What `track` is told: the request's own facts, and over them what the policy says. */
export async function trackAttributes(evaluation: Evaluation): Promise<Step<TrackAttributes>> {
  const { request, policy, body } = evaluation;
  const facts = requestFacts(request);
  const { attributes } = policy;
  if (attributes === undefined) {
    return proceed(facts);
  }
  const said = await evaluation.call('attributes', () => attributes({ ...request, body }));
  if (!said.ok) {
    return said;
  }
  const fault = attributesFault(said.value);
  if (fault !== undefined) {
    return evaluation.callbackFailed('attributes', fault);
  }
  return proceed({ ...facts, ...withoutUndefined(said.value) });
}

/** Where a request comes from, as far as the request itself tells. */
export function requestFacts(
  request: ActionRequest,
): Pick<TrackAttributes, 'ipAddress' | 'userAgent' | 'deviceId'> {
  const { ip, headers } = request;
  const userAgent = headers['user-agent'];
  const deviceId = deviceOf(headers.cookie);
  const facts: { ipAddress?: string; userAgent?: string; deviceId?: string } = {};
  if (ip !== undefined) {
    facts.ipAddress = ip;
  }
  if (typeof userAgent === 'string') {
    facts.userAgent = userAgent.slice(0, MAX_USER_AGENT);
  }
  if (deviceId !== undefined) {
    facts.deviceId = deviceId;
  }
  return facts;
}

function deviceOf(header: unknown): string | undefined {
  if (typeof header !== 'string' || !header.includes(DEVICE_COOKIE)) {
    return undefined;
  }
  const value = parse(header)[DEVICE_COOKIE];
  return value !== undefined && DEVICE_ID.test(value) ? value : undefined;
}

/** `idempotencyKey`, `scope` and `userId` are the gate's alone; it does not pass them on. */
function attributesFault(value: unknown): string | undefined {
  if (!isPlainObject(value)) {
    return 'returned no plain object';
  }
  for (const [name, field] of Object.entries(value)) {
    const check = KNOWN.get(name);
    if (check === undefined) {
      return `returned \`${name}\`, which is none of ${[...KNOWN.keys()].join(', ')}`;
    }
    if (field !== undefined && !check(field)) {
      return `returned a \`${name}\` of the wrong type`;
    }
  }
  return undefined;
}

function withoutUndefined(attributes: TrackAttributes): TrackAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
