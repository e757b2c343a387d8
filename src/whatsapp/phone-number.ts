import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

/** Which numbers get a message. */
export interface PhoneRules {
  readonly countries: ReadonlySet<string> | 'any';
  readonly defaultCountry: CountryCode | undefined;
}

export type ParsedPhone =
  | { readonly ok: true; readonly e164: string }
  | { readonly ok: false; readonly why: 'invalid' | 'country' | 'kind' };

const LONGEST = 40;

/** Kinds of numbers on which people have WhatsApp; fixed lines, premium rates and the like are not. */
const KINDS: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** Reads a number as a person writes it. Beyond this only E.164 goes on. */
export function parsePhone(written: string, rules: PhoneRules): ParsedPhone {
  // Numbers that are copied from a list of contacts come between invisible marks of direction.
  const text = written.replace(/\p{Cf}/gu, '');
  if (text.length > LONGEST || /\p{L}/u.test(text)) {
    return { ok: false, why: 'invalid' };
  }
  const { defaultCountry } = rules;
  const parsed = parsePhoneNumberFromString(text, {
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
    extract: false,
  });
  if (parsed === undefined || parsed.ext !== undefined || !parsed.isValid()) {
    return { ok: false, why: 'invalid' };
  }
  const { countries } = rules;
  if (countries !== 'any' && (parsed.country === undefined || !countries.has(parsed.country))) {
    return { ok: false, why: 'country' };
  }
  return KINDS.has(parsed.getType())
    ? { ok: true, e164: parsed.number }
    : { ok: false, why: 'kind' };
}

export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** The block of 10,000 numbers that a number is in. */
export function prefixOf(e164: string): string {
  return e164.slice(0, -4);
}
