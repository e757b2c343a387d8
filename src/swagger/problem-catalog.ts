import { PROOF_REFUSALS, type RefusalCode } from '../core/wire.js';
import type { Schema } from './open-api.js';

export interface CataloguedProblem {
  readonly status: number;
  /** When it is answered. */
  readonly when: string;
  /** What it holds beside the members of every problem. */
  readonly members?: Readonly<Record<string, Schema>>;
  /** Those of them that are always there. */
  readonly always?: readonly string[];
}

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const ACTION_SCHEMA: Schema = { type: 'string', description: 'The Authsignal action.' };
const action = { members: { action: ACTION_SCHEMA }, always: ['action'] };

/** Every refusal as clients meet it. The tests hold it to what the package answers. */
export const PROBLEMS: Readonly<Record<RefusalCode, CataloguedProblem>> = {
  step_up_required: {
    status: 403,
    when: 'The user must answer a challenge; then the same request is sent again with the proof.',
    members: {
      action: ACTION_SCHEMA,
      challenge: ref('StepUpChallenge'),
      retry: ref('StepUpRetry'),
      reason: {
        type: 'string',
        enum: [...PROOF_REFUSALS],
        description: 'Why the proof that was sent did not count.',
      },
    },
    always: ['action', 'challenge', 'retry'],
  },
  step_up_enrollment_required: {
    status: 403,
    when: 'The user has no authenticator yet.',
    members: {
      action: ACTION_SCHEMA,
      enrollmentUrl: { type: 'string', description: 'Where to enroll one.' },
    },
    always: ['action'],
  },
  step_up_blocked: { status: 403, when: 'The rules block this action.', ...action },
  step_up_review_pending: { status: 403, when: 'The action waits for a review.', ...action },
  step_up_failed: { status: 403, when: 'The user could not be verified.', ...action },
  step_up_consumed: {
    status: 409,
    when: 'The proof was already used: its request ran, or still runs.',
    ...action,
  },
  request_invalid: {
    status: 400,
    when: 'The request is not valid. Nothing was tracked and no message was sent.',
    members: { errors: { type: 'array', items: ref('StepUpInvalidField') } },
    always: ['errors'],
  },
  step_up_unauthenticated: { status: 401, when: 'Nobody is signed in.' },
  step_up_unavailable: { status: 503, when: 'The action cannot be verified right now.' },
  step_up_misconfigured: { status: 500, when: 'The server is not set up for this.' },
  otp_send_limited: { status: 429, when: 'No further code can be sent right now.' },
  otp_invalid: { status: 400, when: 'The code is wrong or has expired.' },
  otp_attempts_exceeded: { status: 429, when: 'There were too many wrong codes.' },
  phone_invalid: { status: 400, when: 'It is not a phone number.' },
  phone_not_allowed: { status: 422, when: 'No code can be sent to this number.' },
  handle_invalid: { status: 400, when: 'The handle is not valid, or no longer. Start again.' },
  sign_in_incomplete: {
    status: 503,
    when: 'The code was right, but signing in did not finish. Send the handle, without a code.',
    members: {
      handle: { type: 'string', description: 'Finishes the sign-in without another code.' },
    },
    always: ['handle'],
  },
  webhook_signature_invalid: { status: 401, when: 'The webhook is not validly signed.' },
  webhook_invalid: { status: 400, when: 'The webhook is not an event that is expected here.' },
  webhook_too_large: { status: 413, when: 'The webhook is too large.' },
};

/** The statuses that come with `Retry-After`. */
export const WITH_RETRY_AFTER: ReadonlySet<number> = new Set([429, 503]);
