import { EmulatorError } from './emulator-error.js';

/** The values of each switch, its default first. The key length takes any whole number besides. */
export const SWITCH_CHOICES = Object.freeze({
  errorContentType: ['application/json', 'text/plain'],
  validateBadToken: ['isValid-false', 'http-400', 'http-401'],
  validateOnce: [false, true],
  clientTokenErrorStatus: [401, 400, 403],
  rateLimitStatus: [429, 400],
  retryAfter: [true, false],
  resentCode: ['new', 'same'],
  codeBeforeResend: ['dead', 'valid'],
  verifyUnknownChallenge: ['isVerified-false', 'http-400'],
  verifyAgain: ['refuse', 'succeed'],
  attemptsExceeded: ['keep-state', 'challenge-failed'],
  claimErrorStatus: [400, 403, 404],
  claimAgain: ['same-user', 'never', 'any-user'],
  claimEnrols: [false, true],
  invalidPhone: ['refuse', 'accept'],
  clientWithoutAuthenticator: ['tracked-phone', 'refuse'],
  clientNumber: ['enrolled', 'tracked'],
  missingScope: ['verify-only', 'http-403', 'enrol'],
  scopeEnrols: ['every-method', 'whatsapp-only'],
  blockOnServerChallenge: ['ignore', 'http-400'],
  retrack: ['keep-state', 'evaluate-again', 'http-409'],
  challengeOnAllow: ['ignore', 'count', 'http-400'],
  challengeAfterUpdate: ['count', 'ignore'],
  unknownAction: ['create', 'http-400'],
  idempotencyKeyMaxLength: [64, 36, 128, 256],
  idempotencyKeyCharacters: ['url-safe', 'any'],
  recoveryCodes: [true, false],
  queryUsersUnfiltered: ['http-400', 'list'],
  inboxEndpoint: [false, true],
} as const);

/** What a type's literal widens to where any whole number is welcome. */
type Choice<Name extends keyof typeof SWITCH_CHOICES> = Name extends 'idempotencyKeyMaxLength'
  ? number
  : (typeof SWITCH_CHOICES)[Name][number];

/**
 * What the platform leaves unknown, one switch each. The table in `docs/emulator.md` says what each
 * value does; the defaults are the safer or the likelier behaviour.
 */
export type EmulatorSwitches = { -readonly [Name in keyof typeof SWITCH_CHOICES]: Choice<Name> };

export const DEFAULT_SWITCHES = Object.freeze(
  Object.fromEntries(Object.entries(SWITCH_CHOICES).map(([name, choices]) => [name, choices[0]])),
) as Readonly<EmulatorSwitches>;

/** The same switches; whoever turns one is noticed. */
export function noticed(switches: EmulatorSwitches, turned: () => void): EmulatorSwitches {
  return new Proxy(switches, {
    set: (target, name, value) => {
      const isSet = Reflect.set(target, name, value);
      turned();
      return isSet;
    },
  });
}

/** @throws EmulatorError `option_invalid` naming the switch and its choices. */
export function resolveSwitches(given: Partial<EmulatorSwitches> = {}): EmulatorSwitches {
  for (const [name, value] of Object.entries(given)) {
    const choices: readonly unknown[] | undefined = Object.entries(SWITCH_CHOICES).find(
      ([known]) => known === name,
    )?.[1];
    if (choices === undefined) {
      throw new EmulatorError(
        'option_invalid',
        `switches.${name} is not a switch of the emulator; there are ${Object.keys(SWITCH_CHOICES).join(', ')}.`,
      );
    }
    const isLength = name === 'idempotencyKeyMaxLength' && Number.isSafeInteger(value);
    if (!choices.includes(value) && !isLength) {
      throw new EmulatorError(
        'option_invalid',
        `switches.${name} must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}.`,
      );
    }
  }
  return { ...DEFAULT_SWITCHES, ...given };
}
