import { type Answer, ok, refuse } from '../answer.js';
import type { Call } from '../call.js';
import type { ChallengeRecord } from '../challenge-record.js';
import { complete, ensureRecord } from '../completion.js';
import { enrol, isEnrolled } from '../enrolment.js';
import { present, readFields } from '../fields.js';
import { isLive } from '../one-time-code.js';
import { invalidRequest } from '../refusals.js';
import type { Tenant } from '../tenant.js';

const FIELDS = {
  challengeId: 'string',
  userId: 'string',
  skipVerificationCheck: 'boolean',
} as const;

/** Binds a verified challenge to whichever user the caller names. */
export async function claim(tenant: Tenant, call: Call): Promise<Answer> {
  const read = readFields(call.body, FIELDS);
  if ('refusal' in read) return read.refusal;
  const { challengeId, userId, skipVerificationCheck = false } = read.fields;
  if (challengeId === undefined) return invalidRequest('challengeId is required.');
  if (userId === undefined || userId === '') return invalidRequest('userId is required.');
  const challenge = tenant.state.challenge(challengeId);
  if (challenge?.origin !== 'server' || !isLive(tenant, challenge)) {
    return refused(tenant, 'challengeId is invalid.');
  }
  const isVerified = challenge.verifiedAt !== undefined;
  if (!isVerified && !skipVerificationCheck) {
    return refused(tenant, 'The challenge is not verified.');
  }
  if (!mayClaim(tenant, challenge, userId)) {
    return refused(tenant, 'The challenge was claimed before.');
  }
  bind(tenant, challenge, userId);
  const { action, idempotencyKey, method } = challenge;
  const token = await tenant.tokens.issue({
    userId,
    action,
    idempotencyKey,
    scope: 'read:authenticators',
  });
  return ok({ token, verificationMethod: method });
}

function bind(tenant: Tenant, challenge: ChallengeRecord, userId: string): void {
  const { action, idempotencyKey, method, phoneNumber, email } = challenge;
  challenge.claimedBy = userId;
  tenant.state.ensureUser(userId);
  ensureRecord(tenant, { userId, action, idempotencyKey });
  if (challenge.verifiedAt === undefined) return;
  if (tenant.switches.claimEnrols && !isEnrolled(tenant, userId)) {
    enrol(tenant, { userId, verificationMethod: method, ...present({ phoneNumber, email }) });
  }
  complete(tenant, { userId, action, idempotencyKey, method });
}

function mayClaim(tenant: Tenant, challenge: ChallengeRecord, userId: string): boolean {
  if (challenge.userId !== undefined && challenge.userId !== userId) return false;
  if (challenge.claimedBy === undefined) return true;
  switch (tenant.switches.claimAgain) {
    case 'same-user':
      return challenge.claimedBy === userId;
    case 'never':
      return false;
    case 'any-user':
      return true;
  }
}

function refused(tenant: Tenant, description: string): Answer {
  return refuse(tenant.switches.claimErrorStatus, 'invalid_request', description);
}
