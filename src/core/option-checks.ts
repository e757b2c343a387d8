import { isPlainObject } from './bound-values.js';
import { type ConfigurationCode, StepUpError } from './errors.js';

/** Says what is wrong with a value in words that end the sentence "`name` must be …". */
export type OptionCheck = (value: unknown) => string | undefined;

/** One check for each field of `T`, so that a new option does not compile without its check. */
export type FieldChecks<T> = { readonly [Field in keyof Required<T>]: OptionCheck };

const must =
  (holds: (value: unknown) => boolean, words: string): OptionCheck =>
  (value) =>
    holds(value) ? undefined : words;

export const anything: OptionCheck = () => undefined;

export const aFunction: OptionCheck = must((value) => typeof value === 'function', 'a function');

export const aBoolean: OptionCheck = must((value) => typeof value === 'boolean', 'true or false');

/** Timers of Node end there; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const aDuration: OptionCheck = must(
  (value) => Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= LONGEST_MS,
  'a whole number of milliseconds above 0, 24 days at most',
);

export const aText: OptionCheck = must(
  (value) => typeof value === 'string' && value.trim() !== '',
  'a text that is not empty',
);

export const aList = (words: string): OptionCheck =>
  must(
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((item) => typeof item === 'string' && item !== ''),
    `a list of ${words}`,
  );

export const oneOf = (...choices: readonly string[]): OptionCheck =>
  must(
    (value) => choices.some((choice) => choice === value),
    choices.map((choice) => `'${choice}'`).join(' or '),
  );

/** An object with these methods. */
export const having = (...methods: readonly string[]): OptionCheck =>
  must(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof Reflect.get(value, method) === 'function'),
    `an object with ${methods.join('() and ')}()`,
  );

/**
 * @throws StepUpError for anything but a plain object: of a class instance only its own fields
 *   would be read, and what its class says would silently not hold.
 */
export function checkObject(code: ConfigurationCode, owner: string, given: unknown): void {
  if (!isPlainObject(given)) {
    throw new StepUpError(code, `${owner} must be a plain object of named options.`);
  }
}

/**
 * Checks the fields that are there and refuses those that nobody knows, which are typing errors
 * that would silently leave a default in force.
 */
export function checkFields<T extends object>(
  code: ConfigurationCode,
  owner: string,
  given: T,
  checks: FieldChecks<T>,
): void {
  const known = new Map<string, OptionCheck>(Object.entries(checks));
  for (const [name, value] of Object.entries(given)) {
    const check = known.get(name);
    if (check === undefined) {
      const names = [...known.keys()].join(', ');
      throw new StepUpError(code, `${owner} has no \`${name}\`. It knows: ${names}.`);
    }
    const fault = value === undefined ? undefined : check(value);
    if (fault !== undefined) {
      throw new StepUpError(code, `${owner}: \`${name}\` must be ${fault}.`);
    }
  }
}
