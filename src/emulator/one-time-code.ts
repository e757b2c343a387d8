import { randomInt, randomUUID } from 'node:crypto';
import type { Answer } from './answer.js';
import type { ChallengeRecord } from './challenge-record.js';
import type { Message } from './message.js';
import { tooManyRequests } from './refusals.js';
import type { Tenant } from './tenant.js';

export type CodeCheck = 'right' | 'CODE_INVALID_OR_EXPIRED' | 'MAX_ATTEMPTS_EXCEEDED';

/** Counts a message to `to`; an answer if there were too many. */
export function refuseSend(tenant: Tenant, to: string): Answer | undefined {
  const { sends, emailSends } = tenant.limits;
  const waitMs = tenant.rateLimits.take('send', to, to.includes('@') ? emailSends : sends);
  return waitMs > 0 ? tooManyRequests(tenant.switches, waitMs) : undefined;
}

/** Counts a code that was handed in for `to`; an answer if there were too many. */
export function refuseVerify(tenant: Tenant, to: string): Answer | undefined {
  const waitMs = tenant.rateLimits.take('verify', to, tenant.limits.verifies);
  return waitMs > 0 ? tooManyRequests(tenant.switches, waitMs) : undefined;
}

export function destinationOf(challenge: ChallengeRecord): string {
  return challenge.phoneNumber ?? challenge.email ?? '';
}

/** Gives the challenge a code and a life of its own from now, and delivers the message. */
export function sendCode(tenant: Tenant, challenge: ChallengeRecord): void {
  const { clock, limits, switches } = tenant;
  const now = clock.now();
  const [last] = challenge.codes;
  const code =
    last !== undefined && switches.resentCode === 'same' ? last : freshCode(tenant, last);
  const earlier = switches.codeBeforeResend === 'valid' ? challenge.codes : [];
  challenge.codes = [code, ...earlier.filter((known) => known !== code)];
  challenge.wrongAttempts = 0;
  challenge.expiresAt = now + limits.challengeLifetimeMs;
  tenant.state.putChallenge(challenge, now);
  tenant.inbox.deliver(messageOf(challenge, code, new Date(now).toISOString()));
}

export function isLive(tenant: Tenant, challenge: ChallengeRecord): boolean {
  return challenge.expiresAt > tenant.clock.now();
}

/** Compares, counts a wrong one, and marks the challenge as verified by the right one. */
export function checkCode(tenant: Tenant, challenge: ChallengeRecord, code: string): CodeCheck {
  if (!isLive(tenant, challenge)) return 'CODE_INVALID_OR_EXPIRED';
  if (challenge.wrongAttempts >= tenant.limits.attemptsPerChallenge) return 'MAX_ATTEMPTS_EXCEEDED';
  const isUsedUp = challenge.verifiedAt !== undefined && tenant.switches.verifyAgain === 'refuse';
  if (!isUsedUp && challenge.codes.includes(code)) {
    challenge.verifiedAt ??= tenant.clock.now();
    tenant.state.changed();
    return 'right';
  }
  challenge.wrongAttempts += 1;
  tenant.state.changed();
  return challenge.wrongAttempts >= tenant.limits.attemptsPerChallenge
    ? 'MAX_ATTEMPTS_EXCEEDED'
    : 'CODE_INVALID_OR_EXPIRED';
}

function freshCode(tenant: Tenant, last: string | undefined): string {
  const { codeLength } = tenant.limits;
  const code = String(randomInt(10 ** codeLength)).padStart(codeLength, '0');
  return code === last ? freshCode(tenant, last) : code;
}

function messageOf(challenge: ChallengeRecord, code: string, sentAt: string): Message {
  const { method, smsChannel, userId } = challenge;
  const isWhatsApp = method === 'WHATSAPP' || smsChannel === 'WHATSAPP';
  const channel = method === 'EMAIL_OTP' ? 'EMAIL' : isWhatsApp ? 'WHATSAPP' : 'SMS';
  return {
    id: randomUUID(),
    to: destinationOf(challenge),
    code,
    channel,
    text: `${code} is your verification code. Do not share it.`,
    action: challenge.action,
    challengeId: challenge.challengeId,
    ...(userId === undefined ? {} : { userId }),
    sentAt,
  };
}
