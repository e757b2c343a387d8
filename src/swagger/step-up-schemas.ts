import { REFUSAL_CODES, type RefusalCode } from '../core/wire.js';
import { FLOW_FIELDS, type FlowField } from '../whatsapp/flow-body.js';
import type { Schema } from './open-api.js';
import { PROBLEMS, ref } from './problem-catalog.js';

/** The name of a problem's schema: `step_up_required` is `StepUpRequiredProblem`. */
export function problemName(code: RefusalCode): string {
  const words = code.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Problem`;
}

/** One of several problems, told apart by `code`. */
export function problemUnion(codes: readonly RefusalCode[]): Schema {
  const [first, ...rest] = codes;
  if (first !== undefined && rest.length === 0) {
    return ref(problemName(first));
  }
  return {
    oneOf: codes.map((code) => ref(problemName(code))),
    discriminator: {
      propertyName: 'code',
      mapping: Object.fromEntries(codes.map((code) => [code, ref(problemName(code)).$ref])),
    },
  };
}

function problemSchema(code: RefusalCode): Schema {
  const { status, when, members = {}, always = [] } = PROBLEMS[code];
  return {
    type: 'object',
    description: when,
    properties: {
      type: { type: 'string', enum: [`urn:authsignal-guard:problem:${code}`] },
      title: { type: 'string' },
      status: { type: 'integer', enum: [status] },
      detail: { type: 'string' },
      code: { type: 'string', enum: [code] },
      ...members,
    },
    required: ['type', 'title', 'status', 'detail', 'code', ...always],
  };
}

const text = (description: string): Schema => ({ type: 'string', description });

const field = (name: FlowField, description: string): Schema => ({
  ...text(description),
  pattern: FLOW_FIELDS[name].pattern.source,
});

const object = (
  properties: Readonly<Record<string, Schema>>,
  required = Object.keys(properties),
): Schema => ({ type: 'object', properties, ...(required.length > 0 && { required }) });

const NUMBER = field(
  'phoneNumber',
  'A number, in E.164 or as people of the default country write it.',
);
const HANDLE = field('handle', 'What the start of the flow answered.');
const CODE = field('code', 'The code of the message.');
const MASKED = text('Masked, such as +64••••4567.');
const ENROLLED: Schema = { type: 'boolean', enum: [true] };

const PARTS: Readonly<Record<string, Schema>> = {
  StepUpChallenge: object({
    token: text('For `setToken()` of the Authsignal browser SDK. Short-lived.'),
    url: text("Authsignal's pre-built UI."),
    methods: {
      type: 'array',
      items: { type: 'string' },
      description: 'The verification methods that count, such as WHATSAPP. Empty: any.',
    },
  }),
  StepUpRetry: object({ header: text('The header in which the proof is sent.') }),
  StepUpInvalidField: object({
    pointer: text('A JSON Pointer into the body as a URI fragment, such as #/amount.'),
    detail: text('What is wrong.'),
  }),
};

/** Bodies and answers of the WhatsApp routes. */
export const FLOW_SCHEMAS = {
  WhatsAppPhoneNumber: object({ phoneNumber: NUMBER }),
  WhatsAppHandle: object({ handle: HANDLE }),
  WhatsAppCode: object({ handle: HANDLE, code: CODE }),
  WhatsAppSignInCode: object(
    {
      handle: HANDLE,
      code: {
        ...CODE,
        description: `${CODE.description} Left out to finish an incomplete sign-in.`,
      },
    },
    ['handle'],
  ),
  WhatsAppStatus: object({
    enrolled: { type: 'boolean', description: 'Whether the user has any authenticator.' },
    // Without a type, since 3.0 and 3.1 have no common word for a text that may be null.
    phoneNumber: { description: 'Masked, as a text; null without one.' },
  }),
  WhatsAppCodeSent: object({
    handle: text('Names the flow; sent back with the code.'),
    phoneNumber: MASKED,
    expiresAt: { type: 'string', format: 'date-time' },
    resendAfterMs: { type: 'integer', description: 'When the next message may be asked for.' },
  }),
  WhatsAppVerified: object({ enrolled: ENROLLED, phoneNumber: MASKED }),
  WhatsAppNumberEnrolled: object({
    enrolled: ENROLLED,
    phoneNumber: MASKED,
    recoveryCodes: {
      type: 'array',
      items: { type: 'string' },
      description: 'Shown this once, where the tenant has them.',
    },
  }),
  WhatsAppSignedIn: { type: 'object', description: "The application's own answer." },
} satisfies Readonly<Record<string, Schema>>;

export type FlowSchemaName = keyof typeof FLOW_SCHEMAS;

/**
 * Component schemas of everything that this package answers, by name: `StepUpProblem` is the union of all refusals, told apart
 * by `code`. For documents that are written by hand; `documentActions` puts those that are needed into the document itself.
 */
export const stepUpSchemas: Readonly<Record<string, Schema>> = Object.freeze({
  StepUpProblem: problemUnion(REFUSAL_CODES),
  ...Object.fromEntries(REFUSAL_CODES.map((code) => [problemName(code), problemSchema(code)])),
  ...PARTS,
  ...FLOW_SCHEMAS,
});
