import { randomUUID } from 'node:crypto';
import type { AuthenticatorScope, ChallengeAnswer } from '../core/authsignal-port.js';
import { callAuthsignal } from '../core/call-authsignal.js';
import type { CallFailure } from '../core/call-result.js';
import type { FlowPurpose, SendLimitName } from '../core/events.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { requestFacts } from '../core/track-attributes.js';
import type { RefusedVerdict } from '../core/verdict.js';
import { flowFailure, surelyNotSent } from './flow-failure.js';
import type { FlowScope } from './flow-scope.js';
import type { HandleContent } from './sealed-handle.js';
import type { SendPermit } from './send-limits.js';

/** What every start and resend answers. */
export interface CodeSent {
  readonly handle: string;
  /** Masked. */
  readonly phoneNumber: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly resendAfterMs: number;
}

/** What Authsignal is asked to send. */
export interface CodeOrder {
  readonly action: string;
}

export type FlowBeginning = Omit<HandleContent, 'flowId' | 'challengeId' | 'expiresAt'>;

const DEFAULT_LIFE_MS = 600_000;
const LONGEST_LIFE_MS = 3_600_000;

/** Sends the first code of a flow, if every limit allows it. */
export async function sendFirstCode(
  scope: FlowScope,
  order: CodeOrder,
  beginning: FlowBeginning,
): Promise<Step<CodeSent>> {
  return send(scope, order, beginning, (answer) => ({
    ...beginning,
    flowId: randomUUID(),
    challengeId: answer.challengeId,
    expiresAt: expiryOf(answer, scope.options.clock.now()),
  }));
}

/** Sends a code of the same flow again: same expiry, same count, and one burn for all its handles. */
export async function sendAgain(
  scope: FlowScope,
  order: CodeOrder,
  flow: HandleContent,
): Promise<Step<CodeSent>> {
  return send(scope, order, flow, ({ challengeId }) => ({ ...flow, challengeId }));
}

async function send(
  scope: FlowScope,
  order: CodeOrder,
  flow: FlowBeginning & Partial<HandleContent>,
  next: (answer: ChallengeAnswer) => HandleContent,
): Promise<Step<CodeSent>> {
  const { phoneNumber, subject, purpose } = flow;
  const permit = await permitFor(scope, flow);
  if (!permit.ok) {
    return permit;
  }
  const { resendAfterMs, giveBack } = permit.value;
  const result = await callAuthsignal('challenge', () =>
    scope.options.port.challenge({
      ...requestFacts(scope.request),
      ...order,
      ...scopeOf(flow),
      verificationMethod: 'WHATSAPP',
      phoneNumber,
      ...(subject === null ? {} : { userId: subject }),
      ...(flow.challengeId === undefined ? {} : { challengeId: flow.challengeId }),
    }),
  );
  if (!result.ok) {
    if (surelyNotSent(result.failure)) {
      await scope.tell(giveBack());
    }
    return refuse(sendFailure(scope, result.failure, flow));
  }
  const masked = maskPhone(phoneNumber);
  const resent = flow.challengeId !== undefined;
  scope.report({ type: 'otp_sent', purpose, phoneNumber: masked, resent });
  const content = next(result.value);
  return proceed({
    handle: await scope.parts.seal.seal(content),
    phoneNumber: masked,
    expiresAt: new Date(content.expiresAt).toISOString(),
    resendAfterMs,
  });
}

/**
 * What the right code may do to the user's authenticators. The scope is the server's alone: without
 * the old factor it adds a first one, with it it may take the old one's place.
 */
function scopeOf({ purpose, steppedUp }: FlowBeginning): { readonly scope?: AuthenticatorScope } {
  if (purpose === 'sign_in') {
    return {};
  }
  return {
    scope: steppedUp ? 'add:authenticators update:authenticators' : 'add:authenticators',
  };
}

async function permitFor(
  scope: FlowScope,
  { phoneNumber, subject, purpose }: FlowBeginning,
): Promise<Step<SendPermit & { ok: true }>> {
  const { ip } = scope.request;
  const asked = await scope.ask(scope.parts.sends.take({ phoneNumber, subject, ip }));
  if (!asked.ok) {
    return asked;
  }
  const permit = asked.value;
  if (!permit.ok) {
    return refuse(limited(scope, { phoneNumber, purpose }, permit.limit, permit.retryAfterMs));
  }
  return proceed(permit);
}

function sendFailure(
  scope: FlowScope,
  failure: CallFailure,
  flow: { readonly phoneNumber: string; readonly purpose: FlowPurpose },
): RefusedVerdict {
  if (failure.kind === 'rate_limited') {
    scope.report({ type: 'authsignal_failed', failure });
    return limited(scope, flow, 'provider', failure.retryAfterMs ?? PROVIDER_WAIT_MS);
  }
  const verdict = flowFailure(scope, failure);
  if (failure.kind === 'rejected' && failure.errorCode === 'invalid_request') {
    scope.report({ type: 'phone_refused', why: 'provider' });
    return { kind: 'phone_not_allowed' };
  }
  return verdict;
}

const PROVIDER_WAIT_MS = 60_000;

function limited(
  scope: FlowScope,
  { phoneNumber, purpose }: { readonly phoneNumber: string; readonly purpose: FlowPurpose },
  limit: Exclude<SendPermit, { ok: true }>['limit'],
  retryAfterMs: number,
): RefusedVerdict {
  scope.report({
    type: 'otp_send_limited',
    purpose,
    phoneNumber: maskPhone(phoneNumber),
    limit,
  });
  const alarm = ALARMS[limit];
  if (alarm !== undefined) {
    scope.warn(alarm);
  }
  return { kind: 'send_limited', retryAfterMs };
}

/** The limits that one client does not reach alone. */
const ALARMS: Readonly<Partial<Record<SendLimitName, string>>> = {
  budget: 'no message is sent any more, for the budget of the day is used up.',
  conversion:
    'messages are held back, for too few of their codes come back. That is how fraud looks.',
  provider: 'Authsignal limits the rate of messages.',
};

/** Authsignal gives unix seconds. */
function expiryOf({ expiresAt }: ChallengeAnswer, now: number): number {
  const life = expiresAt === undefined ? DEFAULT_LIFE_MS : expiresAt * 1000 - now;
  return now + Math.min(Math.max(life, 0), LONGEST_LIFE_MS);
}
