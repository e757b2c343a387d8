import { StepUpError } from './errors.js';
import {
  aBoolean,
  aDuration,
  aFunction,
  aList,
  checkFields,
  checkObject,
  type FieldChecks,
  oneOf,
} from './option-checks.js';
import type {
  ActionChoice,
  ActionPolicy,
  BodyReader,
  DtoClass,
  GateMode,
  UnavailablePolicy,
  UnenrolledPolicy,
} from './policy.js';

/** A policy with every default in place. Frozen. */
export interface ResolvedPolicy {
  readonly codes: readonly string[];
  readonly select: Callback<ActionSelect> | undefined;
  readonly readBody: BodyReader<unknown> | undefined;
  readonly bind: Callback<ActionPolicy['bind']> | undefined;
  readonly attributes: Callback<ActionPolicy['attributes']> | undefined;
  readonly subject: Callback<ActionPolicy['subject']> | undefined;
  readonly skip: Callback<ActionPolicy['skip']> | undefined;
  readonly methods: readonly string[] | undefined;
  readonly requireChallenge: boolean;
  readonly whenUnenrolled: UnenrolledPolicy;
  readonly whenUnavailable: UnavailablePolicy;
  readonly mode: GateMode;
  readonly returnProofOnFailure: boolean;
  readonly maxProofAgeMs: number;
}

type Callback<T> = NonNullable<T>;
type ActionSelect = Exclude<ActionPolicy['action'], string | undefined>['select'];

/** 15 minutes. */
export const DEFAULT_MAX_PROOF_AGE_MS = 900_000;

const ACTION_CODE = /^[a-zA-Z0-9_-]{1,64}$/;

/** Each field of a policy default, and what it may hold. The compiler keeps the list whole. */
export const POLICY_DEFAULT_CHECKS = {
  subject: aFunction,
  attributes: aFunction,
  methods: aList('verification methods, such as ["WHATSAPP"]'),
  requireChallenge: aBoolean,
  whenUnenrolled: oneOf('deny', 'allow'),
  whenUnavailable: oneOf('deny', 'allow'),
  mode: oneOf('enforce', 'observe'),
  skip: aFunction,
  returnProofOnFailure: aBoolean,
  maxProofAgeMs: aDuration,
} as const;

const POLICY_CHECKS: FieldChecks<ActionPolicy> = {
  ...POLICY_DEFAULT_CHECKS,
  action: () => undefined,
  body: aFunction,
  bind: aFunction,
};

/**
 * Merges layers field by field, the later over the earlier, and checks the result.
 *
 * @param actions the codes that exist, if the application has said so.
 * @throws StepUpError `ERR_STEP_UP_POLICY` or `ERR_STEP_UP_ACTION`, with the field and the fix.
 */
export function resolvePolicy(
  layers: readonly ActionPolicy[],
  actions: readonly string[] | undefined,
  readerFor: (dto: DtoClass<unknown>) => BodyReader<unknown>,
): ResolvedPolicy {
  for (const layer of layers) {
    checkObject('ERR_STEP_UP_POLICY', 'A policy', layer);
  }
  const policy = mergePolicies(layers);
  checkFields('ERR_STEP_UP_POLICY', 'The policy', policy, POLICY_CHECKS);
  const { action } = policy;
  const codes = actionCodes(action, actions);
  return Object.freeze({
    codes,
    select: typeof action === 'object' ? action.select : undefined,
    readBody: bodyReader(policy.body, readerFor),
    bind: policy.bind,
    attributes: policy.attributes,
    subject: policy.subject,
    skip: policy.skip,
    methods: policy.methods === undefined ? undefined : Object.freeze([...policy.methods]),
    requireChallenge: policy.requireChallenge ?? false,
    whenUnenrolled: policy.whenUnenrolled ?? 'deny',
    whenUnavailable: policy.whenUnavailable ?? 'deny',
    mode: policy.mode ?? 'enforce',
    returnProofOnFailure: policy.returnProofOnFailure ?? false,
    maxProofAgeMs: policy.maxProofAgeMs ?? DEFAULT_MAX_PROOF_AGE_MS,
  });
}

/**
 * The policy of a route with its action. Types end here: whoever declares it has tied `Body` and
 * `Raw` to the callbacks.
 *
 * @throws StepUpError `ERR_STEP_UP_POLICY` for a policy that is no plain object.
 */
export function declaredPolicy<Body, Raw>(
  action: ActionChoice<Raw>,
  policy: ActionPolicy<Body, Raw>,
): ActionPolicy {
  checkObject('ERR_STEP_UP_POLICY', 'The policy', policy);
  return Object.freeze({ ...policy, action }) as ActionPolicy;
}

/** A field that is `undefined` in a later layer leaves the earlier layer's value. */
export function mergePolicies(layers: readonly ActionPolicy[]): ActionPolicy {
  const set = layers.flatMap((layer) =>
    Object.entries(layer).filter(([, value]) => value !== undefined),
  );
  return Object.fromEntries(set);
}

function actionCodes(
  action: ActionPolicy['action'],
  known: readonly string[] | undefined,
): readonly string[] {
  const given: unknown = typeof action === 'object' ? action?.oneOf : [action];
  const codes: readonly unknown[] = Array.isArray(given) ? given : [];
  if (codes.length === 0 || action === undefined) {
    throw actionError('An action is an Authsignal action code, or { oneOf: [codes], select }.');
  }
  if (typeof action === 'object' && typeof action.select !== 'function') {
    throw actionError('{ oneOf } needs select: (request) => one of the codes.');
  }
  return Object.freeze(codes.map((code) => checkedCode(code, known)));
}

/** Whether Authsignal takes it for the code of an action. */
export function isActionCode(value: unknown): value is string {
  return typeof value === 'string' && ACTION_CODE.test(value);
}

function checkedCode(code: unknown, known: readonly string[] | undefined): string {
  if (!isActionCode(code)) {
    throw actionError(`"${String(code)}" is no action code: letters, digits, _ and -, 64 at most.`);
  }
  if (known !== undefined && !known.includes(code)) {
    throw actionError(`"${code}" is not in the gate's \`actions\`. Add it there or correct it.`);
  }
  return code;
}

function bodyReader(
  body: ActionPolicy['body'],
  readerFor: (dto: DtoClass<unknown>) => BodyReader<unknown>,
): BodyReader<unknown> | undefined {
  if (body === undefined) {
    return undefined;
  }
  return isClass(body) ? readerFor(body) : body;
}

/** Of all functions only a class has a prototype that cannot be replaced. */
function isClass(body: NonNullable<ActionPolicy['body']>): body is DtoClass<unknown> {
  return Object.getOwnPropertyDescriptor(body, 'prototype')?.writable === false;
}

function actionError(message: string): StepUpError {
  return new StepUpError('ERR_STEP_UP_ACTION', message);
}
