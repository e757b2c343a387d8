import { isPlainObject } from '../core/bound-values.js';
import { StepUpError } from '../core/errors.js';
import {
  aFunction,
  checkFields,
  checkObject,
  type FieldChecks,
  having,
  type OptionCheck,
} from '../core/option-checks.js';
import { isActionCode } from '../core/resolve-policy.js';
import type {
  EnrollmentOptions,
  SignInOptions,
  VerifiedNumberOptions,
  WhatsAppOptions,
} from './options.js';
import { isCountry, type PhoneRules } from './phone-number.js';
import { LIMIT_CHECKS, type ResolvedLimits, resolveLimits } from './resolve-limits.js';

const anAction: OptionCheck = (value) =>
  isActionCode(value) ? undefined : 'an action code: letters, digits, _ and -, 64 at most';

/** What each flow's own options may hold. */
const FLOW_CHECKS = {
  enrollment: { action: anAction },
  phoneNumber: { action: anAction },
  verifiedNumber: { action: anAction, resolve: aFunction },
  signIn: { action: anAction, findOrCreateUser: aFunction, signedIn: aFunction },
} satisfies {
  enrollment: FieldChecks<EnrollmentOptions>;
  phoneNumber: FieldChecks<EnrollmentOptions>;
  verifiedNumber: FieldChecks<VerifiedNumberOptions<unknown>>;
  signIn: FieldChecks<SignInOptions<unknown>>;
};

const aFlow =
  (...callbacks: readonly string[]): OptionCheck =>
  (value) =>
    isPlainObject(value) && callbacks.every((name) => typeof value[name] === 'function')
      ? undefined
      : `an object${callbacks.length === 0 ? '' : ` with ${callbacks.join('() and ')}()`}`;

const CHECKS: FieldChecks<WhatsAppOptions<unknown>> = {
  countries: countriesFault,
  defaultCountry: (value) =>
    typeof value === 'string' && isCountry(value) ? undefined : 'a country code such as NZ',
  enrollment: aFlow(),
  phoneNumber: aFlow(),
  verifiedNumber: aFlow('resolve'),
  signIn: aFlow('findOrCreateUser', 'signedIn'),
  limits: (value) => (isPlainObject(value) ? undefined : 'an object of limits'),
  limitStore: (value) =>
    having('multi', 'del', 'eval')(value) === undefined
      ? undefined
      : 'a client of ioredis or node-redis',
  onAuthenticatorChanged: aFunction,
};

/** @throws StepUpError `ERR_STEP_UP_OPTION`, with the option and the fix. */
export function resolveWhatsAppOptions(options: WhatsAppOptions<unknown>): {
  readonly phones: PhoneRules;
  readonly limits: ResolvedLimits;
} {
  checkObject('ERR_STEP_UP_OPTION', 'WhatsApp', options);
  const { countries } = options;
  if (countries === undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_OPTION',
      "WhatsApp: `countries` is missing. List where messages may go, such as ['NZ', 'AU'], or say 'any'.",
    );
  }
  checkFields('ERR_STEP_UP_OPTION', 'WhatsApp', options, CHECKS);
  checkFields('ERR_STEP_UP_OPTION', 'WhatsApp limits', options.limits ?? {}, LIMIT_CHECKS);
  for (const [flow, checks] of Object.entries(FLOW_CHECKS)) {
    const given: unknown = Reflect.get(options, flow);
    checkFields('ERR_STEP_UP_OPTION', `WhatsApp ${flow}`, Object(given ?? {}), checks);
  }
  const { defaultCountry } = options;
  if (defaultCountry !== undefined && countries !== 'any' && !countries.includes(defaultCountry)) {
    throw new StepUpError(
      'ERR_STEP_UP_OPTION',
      'WhatsApp: `defaultCountry` must be one of `countries`, or no number of it would be sent to.',
    );
  }
  return {
    phones: {
      countries: typeof countries === 'string' ? 'any' : new Set(countries),
      defaultCountry:
        defaultCountry !== undefined && isCountry(defaultCountry) ? defaultCountry : undefined,
    },
    limits: resolveLimits(options.limits ?? {}),
  };
}

function countriesFault(value: unknown): string | undefined {
  const listed =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((code) => typeof code === 'string' && isCountry(code));
  return listed || value === 'any' ? undefined : "a list of codes such as ['NZ', 'AU'], or 'any'";
}
