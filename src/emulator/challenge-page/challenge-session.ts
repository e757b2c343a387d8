import type { ActionRecord } from '../action-record.js';
import { type Answer, ok } from '../answer.js';
import type { ClientCall } from '../call.js';
import { recipientOf } from '../client-api/code-recipient.js';
import { contactOf } from '../contact.js';
import { authenticatorOf, isEnrolled, mayEnrol } from '../enrolment.js';
import { present } from '../fields.js';
import { isLive } from '../one-time-code.js';
import { unauthorized } from '../refusals.js';
import type { Tenant } from '../tenant.js';
import { CODE_METHODS, type CodeMethod } from '../verification-method.js';
import { masked } from './masked-contact.js';

/** How long the page waits until it offers to send another code. */
const RESEND_AFTER_MS = 30_000;

/** What the page needs to know of its action; whole numbers only of users who have nothing enrolled and have to type theirs. */
export function challengeSession(tenant: Tenant, call: ClientCall): Answer {
  const { userId, scope } = call.token;
  const record = tenant.state.action(call.token);
  const user = tenant.state.users.get(userId);
  if (record === undefined || user === undefined) return unauthorized();
  const allowed = allowedMethods(tenant, record);
  const methods = enrolledFirst(tenant, userId, allowed);
  const hasSome = isEnrolled(tenant, userId);
  const addable = allowed.filter(
    (method) => method !== 'EMAIL_OTP' && mayEnrol(tenant, userId, method, scope),
  );
  return ok({
    action: record.action,
    state: record.state,
    isEnrolled: hasSome,
    hasWindow: tenant.hasWindow,
    codeLength: tenant.limits.codeLength,
    resendAfterMs: RESEND_AFTER_MS,
    methods: methods.map((method) => ({
      method,
      sentTo: masked(contactOf(method, authenticatorOf(tenant, userId, method)) ?? ''),
    })),
    ...present({
      enrolment:
        addable.length === 0
          ? undefined
          : {
              methods: addable,
              ...present({ phoneNumber: hasSome ? undefined : user.phoneNumber }),
            },
      sent: sentCode(tenant, record, scope, allowed),
      redirectUrl: isWebAddress(record.redirectUrl) ? record.redirectUrl : undefined,
    }),
  });
}

function allowedMethods(tenant: Tenant, record: ActionRecord): readonly CodeMethod[] {
  return CODE_METHODS.filter(
    (method) =>
      tenant.methods.includes(method) &&
      record.allowedVerificationMethods?.includes(method) !== false,
  );
}

function enrolledFirst(
  tenant: Tenant,
  userId: string,
  allowed: readonly CodeMethod[],
): readonly CodeMethod[] {
  const isDefault = (method: CodeMethod) => authenticatorOf(tenant, userId, method)?.isDefault;
  return allowed
    .filter((method) => authenticatorOf(tenant, userId, method) !== undefined)
    .sort((one, other) => Number(isDefault(other)) - Number(isDefault(one)));
}

/** The newest code that can still be handed in, so that a page that is loaded again sends none. */
function sentCode(
  tenant: Tenant,
  record: ActionRecord,
  scope: string,
  allowed: readonly CodeMethod[],
) {
  const [newest] = allowed
    .map((method) => tenant.state.clientChallenge(record, method))
    .filter((challenge) => challenge !== undefined)
    .filter((challenge) => challenge.verifiedAt === undefined && isLive(tenant, challenge))
    .filter((challenge) => {
      const to = contactOf(challenge.method, challenge);
      return to !== undefined && to === recipientOf(tenant, record, challenge.method, scope);
    })
    .sort((one, other) => other.expiresAt - one.expiresAt);
  if (newest === undefined) return undefined;
  const age = tenant.clock.now() - (newest.expiresAt - tenant.limits.challengeLifetimeMs);
  return {
    method: newest.method,
    sentTo: masked(contactOf(newest.method, newest) ?? ''),
    resendInMs: Math.max(0, RESEND_AFTER_MS - age),
  };
}

function isWebAddress(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false;
  return ['http:', 'https:'].includes(new URL(address).protocol);
}
