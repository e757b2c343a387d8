import { type Answer, ok } from '../answer.js';
import type { Call } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { present } from '../fields.js';
import { isLive } from '../one-time-code.js';
import { invalidRequest } from '../refusals.js';
import type { Tenant } from '../tenant.js';

/** A challenge that is unknown or over has no fields; its method is told once it is completed. */
export function getChallenge(tenant: Tenant, call: Call): Answer {
  const found = find(tenant, call.query);
  if (found === 'unasked') {
    return invalidRequest('challengeId, or userId and action, are required.');
  }
  if (found === undefined || !isLive(tenant, found)) return ok({});
  const { challengeId, expiresAt, method, verifiedAt, smsChannel } = found;
  const { phoneNumber, email, action } = found;
  return ok({
    challengeId,
    expiresAt: Math.floor(expiresAt / 1000),
    action,
    ...present({
      verificationMethod: verifiedAt === undefined ? undefined : method,
      smsChannel,
      phoneNumber,
      email,
    }),
  });
}

function find(tenant: Tenant, query: URLSearchParams): ChallengeRecord | 'unasked' | undefined {
  const challengeId = query.get('challengeId');
  if (challengeId !== null) return tenant.state.challenge(challengeId);
  const userId = query.get('userId');
  const action = query.get('action');
  if (userId === null || action === null) return 'unasked';
  const method = query.get('verificationMethod');
  return tenant.state
    .challenges()
    .filter((challenge) => (challenge.userId ?? challenge.claimedBy) === userId)
    .filter((challenge) => challenge.action === action)
    .findLast((challenge) => method === null || challenge.method === method);
}
