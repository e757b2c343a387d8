import type { RefusalCode } from '../core/wire.js';
import type { FlowRouteName } from '../whatsapp/whatsapp-flows.js';
import { addProofHeader, GATE_REFUSALS } from './action-operation.js';
import { type Fields, fieldsAt, isFields, setMissing } from './open-api.js';
import { ref } from './problem-catalog.js';
import { addRefusals } from './refusals.js';
import type { FlowSchemaName } from './step-up-schemas.js';

interface FlowOperation {
  readonly summary: string;
  readonly body?: FlowSchemaName;
  readonly answer: FlowSchemaName;
  readonly refusals: readonly RefusalCode[];
  /** Whether the user may have to step up first. */
  readonly stepsUp?: boolean;
}

const ALWAYS: readonly RefusalCode[] = ['step_up_misconfigured', 'step_up_unavailable'];
const SIGNED_IN: readonly RefusalCode[] = ['step_up_unauthenticated', ...ALWAYS];
const STARTS: readonly RefusalCode[] = [
  'request_invalid',
  'phone_invalid',
  'phone_not_allowed',
  'otp_send_limited',
];
const VERIFIES: readonly RefusalCode[] = [
  'request_invalid',
  'handle_invalid',
  'otp_invalid',
  'otp_attempts_exceeded',
];

const start = (summary: string): FlowOperation => ({
  summary,
  body: 'WhatsAppPhoneNumber',
  answer: 'WhatsAppCodeSent',
  refusals: [...STARTS, ...GATE_REFUSALS],
  stepsUp: true,
});

const verify = (summary: string): FlowOperation => ({
  summary,
  body: 'WhatsAppCode',
  answer: 'WhatsAppVerified',
  refusals: [...VERIFIES, ...SIGNED_IN],
});

const OPERATIONS: Readonly<Record<FlowRouteName, FlowOperation>> = {
  status: {
    summary: 'Whether the user has an authenticator, and which number',
    answer: 'WhatsAppStatus',
    refusals: SIGNED_IN,
  },
  startEnrollment: start('Sends a code to a number that is to be enrolled'),
  verifyEnrollment: verify('Enrolls the number with its code'),
  startPhoneNumber: start('Sends a code to the number that is to take the place of the old one'),
  verifyPhoneNumber: verify('Changes the number with its code'),
  enrollVerifiedNumber: {
    summary: 'Enrolls the number that the application has verified itself',
    answer: 'WhatsAppNumberEnrolled',
    refusals: ['request_invalid', 'phone_invalid', 'phone_not_allowed', ...GATE_REFUSALS],
    stepsUp: true,
  },
  startSignIn: {
    summary: 'Sends a code for signing in',
    body: 'WhatsAppPhoneNumber',
    answer: 'WhatsAppCodeSent',
    refusals: [...STARTS, ...ALWAYS],
  },
  verifySignIn: {
    summary: 'Signs in with the code, or finishes an incomplete sign-in',
    body: 'WhatsAppSignInCode',
    answer: 'WhatsAppSignedIn',
    refusals: [...VERIFIES, 'sign_in_incomplete', ...ALWAYS],
  },
  resend: {
    summary: 'Sends the code of a flow again',
    body: 'WhatsAppHandle',
    answer: 'WhatsAppCodeSent',
    refusals: [
      'request_invalid',
      'handle_invalid',
      'phone_not_allowed',
      'otp_send_limited',
      ...SIGNED_IN,
    ],
  },
};

/** Documents a route of the WhatsApp flows, of which Nest's own explorer knows next to nothing. */
export function documentFlow(operation: Fields, route: FlowRouteName, proofHeader: string): void {
  const { summary, body, answer, refusals, stepsUp = false } = OPERATIONS[route];
  if (!operation.summary) {
    operation.summary = summary;
  }
  if (body !== undefined) {
    operation.requestBody = {
      required: true,
      content: { 'application/json': { schema: ref(body) } },
    };
  }
  if (stepsUp) {
    addProofHeader(operation, proofHeader);
  }
  addAnswer(operation, answer);
  addRefusals(operation, refusals);
}

function addAnswer(operation: Fields, schema: FlowSchemaName): void {
  const responses = fieldsAt(operation, 'responses');
  if (responses === undefined) {
    return;
  }
  const { 201: created } = responses;
  if (isFields(created) && created.content === undefined) {
    // What the explorer takes for granted of every POST.
    delete responses['201'];
  }
  const ok = fieldsAt(responses, '200');
  if (ok !== undefined) {
    ok.description ||= 'Done.';
    setMissing(ok, 'content', { 'application/json': { schema: ref(schema) } });
  }
}
