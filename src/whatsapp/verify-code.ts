import type { VerifyAnswer } from '../core/authsignal-port.js';
import { callAuthsignal } from '../core/call-authsignal.js';
import { isOutage } from '../core/call-result.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { unavailable } from '../core/unavailable.js';
import { flowFailure } from './flow-failure.js';
import type { FlowScope } from './flow-scope.js';
import { refuseHandle } from './open-handle.js';
import type { HandleContent } from './sealed-handle.js';
import { useUpFlow } from './use-up.js';

/**
 * Checks a code and, if it is right, uses the flow up: of many parallel requests with the right
 * code, over any of its handles, one proceeds.
 */
export async function verifyCode(
  scope: FlowScope,
  flow: HandleContent,
  code: string,
): Promise<Step<void>> {
  const { attempts, sends } = scope.parts;
  const { phoneNumber, purpose } = flow;
  const permit = await scope.ask(attempts.take(flow));
  if (!permit.ok) {
    return permit;
  }
  if (!permit.value.ok) {
    return noMoreCodes(scope, flow, permit.value.retryAfterMs);
  }
  const answered = await verify(scope, flow, code, permit.value.giveBack);
  if (!answered.ok) {
    return answered;
  }
  const used = await useUpFlow(scope, flow);
  if (!used.ok) {
    return used;
  }
  await scope.tell(attempts.verified(flow));
  await scope.tell(sends.verified(phoneNumber));
  scope.report({ type: 'otp_verified', purpose, phoneNumber: maskPhone(phoneNumber) });
  return proceed(undefined);
}

async function noMoreCodes(
  scope: FlowScope,
  flow: HandleContent,
  retryAfterMs: number,
): Promise<Step<never>> {
  const used = await scope.ask(scope.parts.attempts.isVerified(flow.flowId));
  if (!used.ok) {
    return used;
  }
  return used.value ? refuseHandle(scope, 'used') : exceeded(scope, flow, retryAfterMs);
}

async function verify(
  scope: FlowScope,
  flow: HandleContent,
  verificationCode: string,
  giveBack: () => Promise<void>,
): Promise<Step<void>> {
  const { challengeId, phoneNumber, purpose } = flow;
  const result = await callAuthsignal('verify', () =>
    scope.options.port.verify({ challengeId, verificationCode }),
  );
  if (!result.ok) {
    const { failure } = result;
    if (isOutage(failure) || failure.kind === 'rate_limited') {
      await scope.tell(giveBack());
    }
    if (failure.kind === 'rejected') {
      scope.report({ type: 'authsignal_failed', failure });
      return refuseHandle(scope, 'unreadable');
    }
    return refuse(flowFailure(scope, failure));
  }
  const { isVerified, failureReason } = result.value;
  if (isVerified) {
    return checkNumber(scope, flow, result.value);
  }
  if (failureReason === 'MAX_ATTEMPTS_EXCEEDED') {
    return exceeded(scope, flow, AUTHSIGNAL_WAIT_MS);
  }
  scope.report({ type: 'otp_wrong', purpose, phoneNumber: maskPhone(phoneNumber) });
  return refuse({ kind: 'code_wrong' });
}

/** Authsignal counts codes in windows of five minutes. */
const AUTHSIGNAL_WAIT_MS = 300_000;

/** The number that Authsignal says was proven is the one that counts; the flow's must be the same. */
function checkNumber(scope: FlowScope, flow: HandleContent, answer: VerifyAnswer): Step<void> {
  if (answer.phoneNumber === flow.phoneNumber) {
    return proceed(undefined);
  }
  const detail = 'the number that was verified is not the one that the code was sent to';
  scope.report({ type: 'unexpected_answer', call: 'verify', detail });
  scope.warn(`Authsignal's answer to verify: ${detail}.`);
  return refuse(unavailable());
}

function exceeded(scope: FlowScope, flow: HandleContent, retryAfterMs: number): Step<never> {
  const { purpose, phoneNumber } = flow;
  scope.report({
    type: 'otp_attempts_exceeded',
    purpose,
    phoneNumber: maskPhone(phoneNumber),
  });
  return refuse({ kind: 'attempts_exceeded', retryAfterMs });
}
