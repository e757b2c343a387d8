import type { FlowRefusal, RefusedVerdict, WebhookRefusal } from './verdict.js';
import {
  PROBLEM_MEDIA_TYPE,
  type ProofRefusal,
  type RefusalCode,
  type StepUpProblem,
} from './wire.js';

/** What a client is answered. `body` is what {@link problemText} writes. */
export interface RenderedRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StepUpProblem;
}

type Extras = Omit<StepUpProblem, 'type' | 'title' | 'status' | 'detail' | 'code'>;

/** The only home of status codes. Pure. */
export function renderVerdict(verdict: RefusedVerdict): RenderedRefusal {
  switch (verdict.kind) {
    case 'challenge':
      return problem(403, 'step_up_required', challengeDetail(verdict.reason), {
        action: verdict.action,
        ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
        challenge: verdict.challenge,
        retry: { header: verdict.retryHeader },
      });
    case 'unenrolled':
      return problem(403, 'step_up_enrollment_required', ENROLL, {
        action: verdict.action,
        ...(verdict.enrollmentUrl === undefined ? {} : { enrollmentUrl: verdict.enrollmentUrl }),
      });
    case 'blocked':
      return problem(403, 'step_up_blocked', 'This action is not allowed.', verdictAction(verdict));
    case 'review_pending':
      return problem(403, 'step_up_review_pending', REVIEW, verdictAction(verdict));
    case 'failed':
      return problem(
        403,
        'step_up_failed',
        'The user could not be verified.',
        verdictAction(verdict),
      );
    case 'consumed':
      return problem(409, 'step_up_consumed', CONSUMED, verdictAction(verdict));
    case 'invalid':
      return problem(400, 'request_invalid', 'The request is not valid.', {
        errors: verdict.errors,
      });
    case 'unauthenticated':
      return problem(401, 'step_up_unauthenticated', 'Sign in before this action.');
    case 'unavailable':
      return problem(503, 'step_up_unavailable', UNAVAILABLE, {}, retryAfter(verdict.retryAfterMs));
    case 'misconfigured':
      return problem(500, 'step_up_misconfigured', 'The server is not set up for this action.');
    default:
      return renderFlowRefusal(verdict);
  }
}

function renderFlowRefusal(verdict: FlowRefusal | WebhookRefusal): RenderedRefusal {
  switch (verdict.kind) {
    case 'send_limited':
      return problem(429, 'otp_send_limited', SEND_LIMITED, {}, retryAfter(verdict.retryAfterMs));
    case 'code_wrong':
      return problem(400, 'otp_invalid', 'The code is wrong or has expired.');
    case 'attempts_exceeded':
      return problem(429, 'otp_attempts_exceeded', ATTEMPTS, {}, retryAfter(verdict.retryAfterMs));
    case 'phone_invalid':
      return problem(400, 'phone_invalid', 'This is not a phone number.');
    case 'phone_not_allowed':
      return problem(422, 'phone_not_allowed', 'A code cannot be sent to this number.');
    case 'handle_invalid':
      return problem(400, 'handle_invalid', 'This handle is not valid, or no longer. Start again.');
    case 'sign_in_incomplete': {
      const { handle, retryAfterMs } = verdict;
      return problem(503, 'sign_in_incomplete', INCOMPLETE, { handle }, retryAfter(retryAfterMs));
    }
    default:
      return renderWebhookRefusal(verdict);
  }
}

function renderWebhookRefusal(verdict: WebhookRefusal): RenderedRefusal {
  switch (verdict.kind) {
    case 'webhook_unsigned':
      return problem(401, 'webhook_signature_invalid', 'This webhook is not validly signed.');
    case 'webhook_invalid':
      return problem(400, 'webhook_invalid', 'This is not an event that is expected here.');
    case 'webhook_too_large':
      return problem(413, 'webhook_too_large', 'This webhook is larger than what is read here.');
    default:
      return unreachable(verdict);
  }
}

/** The bytes of a refusal's body, the same on every platform. */
export function problemText(rendered: RenderedRefusal): string {
  return JSON.stringify(rendered.body);
}

const ENROLL = 'The user has no authenticator yet. Enroll one, then send the request again.';
const REVIEW = 'The action waits for a review.';
const CONSUMED = 'This proof was already used. The request it was for ran, or still runs.';
const UNAVAILABLE = 'The action could not be verified right now. Try again later.';

const SEND_LIMITED = 'No further code can be sent right now. Try again later.';
const ATTEMPTS = 'Too many wrong codes. Start again later.';
const INCOMPLETE = 'The code was right, but signing in did not finish. Send the handle, no code.';

function challengeDetail(reason: ProofRefusal | undefined): string {
  return reason === undefined
    ? 'Answer the challenge, then send the same request again with the proof.'
    : CHALLENGE_DETAILS[reason];
}

const CHALLENGE_DETAILS: Readonly<Record<ProofRefusal, string>> = {
  proof_expired: 'The proof is too old. Answer the new challenge.',
  proof_invalid: 'The proof does not count here. Answer the new challenge.',
  challenge_pending: 'The challenge was not completed. Answer the new one.',
  method_not_allowed: 'This verification method does not count here. Answer the new challenge.',
  binding_mismatch: 'The request is not the one that was challenged. Answer the new challenge.',
};

const TITLES: Readonly<Record<RefusalCode, string>> = {
  step_up_required: 'Step-up required',
  step_up_enrollment_required: 'Enrollment required',
  step_up_blocked: 'Blocked',
  step_up_review_pending: 'Review pending',
  step_up_failed: 'Verification failed',
  step_up_consumed: 'Proof already used',
  request_invalid: 'Invalid request',
  step_up_unauthenticated: 'Not signed in',
  step_up_unavailable: 'Verification unavailable',
  step_up_misconfigured: 'Misconfigured',
  otp_send_limited: 'Too many codes',
  otp_invalid: 'Wrong code',
  otp_attempts_exceeded: 'Too many wrong codes',
  phone_invalid: 'Not a phone number',
  phone_not_allowed: 'Number not allowed',
  handle_invalid: 'Invalid handle',
  sign_in_incomplete: 'Sign-in incomplete',
  webhook_signature_invalid: 'Invalid signature',
  webhook_invalid: 'Invalid webhook',
  webhook_too_large: 'Webhook too large',
};

function problem(
  status: number,
  code: RefusalCode,
  detail: string,
  extras: Extras = {},
  headers: Readonly<Record<string, string>> = {},
): RenderedRefusal {
  return {
    status,
    headers: { 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store', ...headers },
    body: {
      type: `urn:authsignal-guard:problem:${code}`,
      title: TITLES[code],
      status,
      detail,
      code,
      ...extras,
    },
  };
}

function verdictAction(verdict: { readonly action: string }): Extras {
  return { action: verdict.action };
}

function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) };
}

/** A kind that only untyped code can make: fail closed, and say nothing about it. */
function unreachable(_verdict: never): RenderedRefusal {
  return renderVerdict({ kind: 'misconfigured' });
}
