import type { Answer } from '../answer.js';
import { ok } from '../answer.js';
import { type Call, param } from '../call.js';
import { enrolledMethods, isEnrolled } from '../enrolment.js';
import { present, readFields } from '../fields.js';
import { invalidRequest, notEmulated } from '../refusals.js';
import type { Tenant } from '../tenant.js';
import type { UserRecord } from '../user-record.js';

const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 200;
const ATTRIBUTES = {
  email: 'string',
  emailVerified: 'boolean',
  phoneNumber: 'string',
  phoneNumberVerified: 'boolean',
  username: 'string',
  displayName: 'string',
  custom: 'custom',
  locale: 'string',
} as const;

/** A user that nobody has heard of is not an error: it is one who is not enrolled. */
export function getUser(tenant: Tenant, call: Call): Answer {
  const userId = param(call, 'userId');
  const user = tenant.state.users.get(userId);
  const enrolled = isEnrolled(tenant, userId);
  const [first] = tenant.state.authenticators(userId);
  const preferred = tenant.state.authenticators(userId).find(({ isDefault }) => isDefault);
  return ok({
    isEnrolled: enrolled,
    emailVerified: false,
    phoneNumberVerified: false,
    ...(user === undefined ? {} : attributesOf(user)),
    allowedVerificationMethods: tenant.methods,
    ...present({
      enrolledVerificationMethods: enrolled ? enrolledMethods(tenant, userId) : undefined,
      defaultVerificationMethod: (preferred ?? first)?.verificationMethod,
    }),
  });
}

export function queryUsers(tenant: Tenant, call: Call): Answer {
  const { query } = call;
  if (query.has('token')) return notEmulated('user queries by an identity token');
  const filters = (['username', 'email', 'phoneNumber'] as const).filter((name) => query.has(name));
  if (filters.length === 0 && tenant.switches.queryUsersUnfiltered === 'http-400') {
    return invalidRequest('At least one of username, email or phoneNumber is required.');
  }
  const limit = Number(query.get('limit') ?? DEFAULT_PAGE);
  if (!Number.isInteger(limit) || limit < 1) return invalidRequest('limit is invalid.');
  const found = [...tenant.state.users.values()].filter((user) =>
    filters.every((name) => user[name] === query.get(name)),
  );
  const after = query.get('lastEvaluatedUserId');
  const start = after === null ? 0 : found.findIndex(({ userId }) => userId === after) + 1;
  const users = found.slice(start, start + Math.min(limit, LARGEST_PAGE));
  const hasMore = start + users.length < found.length;
  return ok({
    users: users.map((user) => ({ userId: user.userId, ...attributesOf(user) })),
    ...present({ lastEvaluatedUserId: hasMore ? users.at(-1)?.userId : undefined }),
  });
}

export function updateUser(tenant: Tenant, call: Call): Answer {
  const read = readFields(call.body, ATTRIBUTES);
  if ('refusal' in read) return read.refusal;
  const user = tenant.state.ensureUser(param(call, 'userId'));
  changeContact(user, read.fields);
  Object.assign(user, read.fields);
  tenant.state.changed();
  return ok(attributesOf(user));
}

export function deleteUser(tenant: Tenant, call: Call): Answer {
  tenant.state.deleteUser(param(call, 'userId'), call.query.get('actions') === 'true');
  return ok({ success: true });
}

/** A number or address that changes is no longer a verified one. */
export function changeContact(
  user: UserRecord,
  given: { readonly email?: string; readonly phoneNumber?: string },
): void {
  if (given.email !== undefined && given.email !== user.email) {
    user.email = given.email;
    user.emailVerified = false;
  }
  if (given.phoneNumber !== undefined && given.phoneNumber !== user.phoneNumber) {
    user.phoneNumber = given.phoneNumber;
    user.phoneNumberVerified = false;
  }
}

export function attributesOf(user: UserRecord) {
  const { email, emailVerified, phoneNumber, phoneNumberVerified } = user;
  const { username, displayName, custom, locale } = user;
  return {
    emailVerified,
    phoneNumberVerified,
    ...present({ email, phoneNumber, username, displayName, custom, locale }),
  };
}
