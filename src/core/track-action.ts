import type { TrackAnswer } from './authsignal-port.js';
import { callAuthsignal } from './call-authsignal.js';
import type { CallFailure } from './call-result.js';
import { type Decision, decide, decideFailedTrack } from './decide.js';
import type { Evaluation } from './evaluation.js';
import type { PreparedRequest } from './prepare-request.js';
import { setupHint } from './setup-hint.js';
import { trackAttributes } from './track-attributes.js';
import { unavailable } from './unavailable.js';
import type { ApprovedVerdict, Verdict } from './verdict.js';
import type { ProofRefusal } from './wire.js';

/** Asks Authsignal what this request needs. `refusal` is why a proof that was sent did not count. */
export async function trackAction(
  evaluation: Evaluation,
  prepared: PreparedRequest,
  refusal: ProofRefusal | undefined,
): Promise<Verdict> {
  const { options, policy } = evaluation;
  const { action, subject, context } = prepared;
  const attributes = await trackAttributes(evaluation);
  if (!attributes.ok) {
    return attributes.verdict;
  }
  const idempotencyKey = options.binding.issue(context, options.clock.now());
  const result = await callAuthsignal('track', () =>
    options.port.track({ userId: subject, action, idempotencyKey, attributes: attributes.value }),
  );
  if (!result.ok) {
    return failedTrack(evaluation, prepared, result.failure, refusal);
  }
  const { value: answer } = result;
  const { state, isEnrolled: enrolled } = answer;
  evaluation.report({ type: 'action_tracked', state, enrolled, idempotencyKey });
  if (answer.idempotencyKey !== idempotencyKey) {
    // A challenge under another key could never be proven: each retry would pay for a new message.
    const detail = 'Authsignal answered with another idempotencyKey than the one it was given';
    evaluation.report({ type: 'unexpected_answer', call: 'track', detail });
    return unavailable();
  }
  return carryOut(decide(answer, policy), { evaluation, prepared, answer, refusal });
}

interface Tracked {
  readonly evaluation: Evaluation;
  readonly prepared: PreparedRequest;
  readonly answer: TrackAnswer;
  readonly refusal: ProofRefusal | undefined;
}

async function carryOut(decision: Decision, tracked: Tracked): Promise<Verdict> {
  const { evaluation, prepared, answer } = tracked;
  const { action } = prepared;
  const { enrollmentUrl } = evaluation.options;
  switch (decision) {
    case 'allow':
      return approved(evaluation, prepared, 'rules');
    case 'challenge':
      return offer(tracked, false);
    case 'raise':
      return raise(tracked);
    case 'unenrolled':
      return {
        kind: 'unenrolled',
        action,
        ...(enrollmentUrl === undefined ? {} : { enrollmentUrl }),
      };
    case 'blocked':
    case 'review_pending':
    case 'failed':
      return { kind: decision, action };
    case 'unavailable': {
      const detail = 'Authsignal answered with a state that a new action cannot have';
      evaluation.report({ type: 'unexpected_answer', call: 'track', detail });
      evaluation.warn(`${detail}: ${String(answer.state).slice(0, 40)}`);
      return unavailable();
    }
  }
}

/** Makes the rules' `ALLOW` a challenge, since a challenge completed on an `ALLOW` does not count. */
async function raise(tracked: Tracked): Promise<Verdict> {
  const { evaluation, prepared, answer } = tracked;
  const { options, policy } = evaluation;
  if (policy.mode === 'observe') {
    return offer(tracked, true);
  }
  const result = await callAuthsignal('updateAction', () =>
    options.port.updateAction({
      userId: prepared.subject,
      action: prepared.action,
      idempotencyKey: answer.idempotencyKey,
      state: 'CHALLENGE_REQUIRED',
    }),
  );
  if (!result.ok) {
    return failedTrack(evaluation, prepared, result.failure, tracked.refusal);
  }
  if (result.value.state !== 'CHALLENGE_REQUIRED') {
    const detail = 'Authsignal did not take the state that a challenge needs';
    evaluation.report({ type: 'unexpected_answer', call: 'updateAction', detail });
    return unavailable();
  }
  return offer(tracked, true);
}

function offer(tracked: Tracked, raised: boolean): Verdict {
  const { evaluation, prepared, answer, refusal } = tracked;
  const { policy, options } = evaluation;
  const { token, url, idempotencyKey } = answer;
  if (policy.mode === 'enforce') {
    evaluation.report({ type: 'challenge_issued', idempotencyKey, raised });
  }
  const methods = offeredMethods(answer, policy.methods);
  return {
    kind: 'challenge',
    action: prepared.action,
    challenge: { token, url, methods },
    retryHeader: options.header,
    ...(refusal === undefined ? {} : { reason: refusal }),
  };
}

/** What this user can answer with: what Authsignal allows, has of them, and the policy counts. */
function offeredMethods(
  { allowedVerificationMethods: allowed, enrolledVerificationMethods: enrolled }: TrackAnswer,
  counted: readonly string[] | undefined,
): readonly string[] {
  return [enrolled, allowed, counted].reduce<readonly string[]>(
    (offered, list) => (list === undefined ? offered : narrowed(offered, list)),
    [],
  );
}

/** Nothing in common would leave nothing to choose from: then the later list is the one to go by. */
function narrowed(offered: readonly string[], list: readonly string[]): readonly string[] {
  const common = offered.filter((method) => list.includes(method));
  return common.length === 0 ? list : common;
}

function failedTrack(
  evaluation: Evaluation,
  prepared: PreparedRequest,
  failure: CallFailure,
  refusal: ProofRefusal | undefined,
): Verdict {
  evaluation.report({ type: 'authsignal_failed', failure });
  const proof = refusal === undefined ? 'none' : 'sent';
  switch (decideFailedTrack(failure, evaluation.policy, proof)) {
    case 'allow':
      evaluation.report({ type: 'opened', failure });
      evaluation.warn(`let through, for Authsignal is out of reach (${failure.kind}).`);
      return approved(evaluation, prepared, 'unavailable');
    case 'misconfigured':
      evaluation.warn(setupHint(failure), 'error');
      return { kind: 'misconfigured' };
    case 'unavailable':
      return unavailable(failure);
  }
}

function approved(
  evaluation: Evaluation,
  { action, subject }: PreparedRequest,
  by: 'rules' | 'unavailable',
): ApprovedVerdict {
  const { body, bound } = evaluation;
  return { kind: 'approved', approval: { action, subject, by, body, bound } };
}
