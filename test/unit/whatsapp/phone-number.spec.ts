import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isCountry,
  type PhoneRules,
  parsePhone,
  prefixOf,
} from '../../../src/whatsapp/phone-number.js';

function rules(defaultCountry: string | undefined, ...countries: string[]): PhoneRules {
  return {
    countries: countries.length === 0 ? 'any' : new Set(countries),
    defaultCountry:
      defaultCountry !== undefined && isCountry(defaultCountry) ? defaultCountry : undefined,
  };
}

const ANYWHERE = rules(undefined);
const E164 = /^\+[1-9]\d{6,14}$/;

type Row = readonly [country: string, written: string, e164: string];

const MOBILES: readonly Row[] = [
  ['NZ', '021 123 4567', '+64211234567'],
  ['NZ', '0064 21 123 4567', '+64211234567'],
  ['NZ', '+64 (0)21 123 4567', '+64211234567'],
  ['AU', '0412 345 678', '+61412345678'],
  ['AU', '+61 412 345 678', '+61412345678'],
  ['GB', '07400 123456', '+447400123456'],
  ['GB', '+44 7400 123456', '+447400123456'],
  ['US', '(415) 555-2671', '+14155552671'],
  ['US', '1 415 555 2671', '+14155552671'],
  ['US', '+1 415.555.2671', '+14155552671'],
  ['DE', '01512 3456789', '+4915123456789'],
  ['DE', '+49 1512 3456789', '+4915123456789'],
  ['IN', '081234 56789', '+918123456789'],
  ['IN', '98765 43210', '+919876543210'],
  ['IN', '+91 98765 43210', '+919876543210'],
  ['BR', '(11) 96123-4567', '+5511961234567'],
  ['BR', '0 15 11 96123-4567', '+5511961234567'],
  ['BR', '+55 11 96123 4567', '+5511961234567'],
];

const WAYS_TO_WRITE: readonly Row[] = [
  ['dots', '021.123.4567', '+64211234567'],
  ['slashes', '021/123/4567', '+64211234567'],
  ['dashes', '021-123-4567', '+64211234567'],
  ['long dashes', '021–123—4567', '+64211234567'],
  ['brackets', '(021) 123 4567', '+64211234567'],
  ['a tilde', '~021 123 4567', '+64211234567'],
  ['no-break spaces', '+64\u00a021\u00a0123\u00a04567', '+64211234567'],
  ['a zero-width space', '+64\u200b211234567', '+64211234567'],
  ['full-width digits', '０２１１２３４５６７', '+64211234567'],
  ['a full-width plus', '＋64211234567', '+64211234567'],
  ['Arabic digits', '٠٢١١٢٣٤٥٦٧', '+64211234567'],
  ['the marks of a pasted contact', '\u202a+64 21 123 4567\u202c', '+64211234567'],
];

const OF_ANOTHER_KIND: readonly (readonly [string, string, string])[] = [
  ['NZ', 'fixed line', '09 555 1234'],
  ['NZ', 'toll-free', '0800 838 383'],
  ['NZ', 'premium rate', '0900 12345'],
  ['AU', 'fixed line', '02 9876 5432'],
  ['AU', 'shared cost', '1300 123 456'],
  ['AU', 'premium rate', '1900 123 456'],
  ['AU', 'VoIP', '0147 101 234'],
  ['GB', 'fixed line', '020 7946 0958'],
  ['GB', 'toll-free', '0808 157 0123'],
  ['GB', 'premium rate', '0909 879 0123'],
  ['GB', 'VoIP', '056 1234 5678'],
  ['GB', 'pager', '076 4012 3456'],
  ['GB', 'personal number', '070 1012 3456'],
  ['GB', 'company-wide', '0345 612 3456'],
  ['US', 'toll-free', '800-234-5678'],
  ['US', 'premium rate', '900-234-5678'],
  ['DE', 'fixed line', '030 901820'],
  ['DE', 'shared cost', '0180 1234567'],
  ['DE', 'pager', '0164 1234567'],
  ['IN', 'toll-free', '1800 123 4567'],
  ['BR', 'fixed line', '(11) 2345-6789'],
  ['BR', 'shared cost', '300 123 4567'],
];

const NO_NUMBERS: readonly string[] = [
  '',
  '   ',
  '+',
  '+64',
  '++64211234567',
  '111',
  '0',
  '02112345678901',
  '0'.repeat(41),
  `+64211234567${' '.repeat(40)}`,
  '1-800-FLOWERS',
  'call 021 123 4567',
  'tel:+64211234567',
  '021 123 4567 ext 5',
  '021 123 4567 x5',
  '021 123 4567#5',
  '021 123 4567,5',
  '021 123 4567;ext=5',
  '021 123 4567 / 021 123 4568',
  '*021 123 4567',
  '+64 21 123 4567\u0000',
  '+999123456789',
  '٠٢١١٢٣٤٥٦٧ي',
  "'; DROP TABLE users; --",
];

describe('a phone number', () => {
  it.each(MOBILES)('of %s is read from "%s"', (country, written, e164) => {
    expect(parsePhone(written, rules(country, country))).toEqual({ ok: true, e164 });
  });

  it.each(WAYS_TO_WRITE)('is read with %s', (_way, written, e164) => {
    expect(parsePhone(written, rules('NZ', 'NZ'))).toEqual({ ok: true, e164 });
  });

  it.each(OF_ANOTHER_KIND)('of %s that is %s gets no message', (country, _kind, written) => {
    expect(parsePhone(written, rules(country, country))).toEqual({ ok: false, why: 'kind' });
  });

  it.each(['+800 1234 5678', '+883 5100 1234 5678'])('of no country (%s) gets none', (written) => {
    expect(parsePhone(written, ANYWHERE)).toEqual({ ok: false, why: 'kind' });
    expect(parsePhone(written, rules('NZ', 'NZ'))).toEqual({ ok: false, why: 'country' });
  });

  it.each(NO_NUMBERS)('is not what "%s" says', (written) => {
    expect(parsePhone(written, rules('NZ'))).toEqual({ ok: false, why: 'invalid' });
  });

  it('is of forty characters at most, with all that stands between its digits', () => {
    const spaced = (length: number) => `+64${' '.repeat(length - 12)}211234567`;
    expect(parsePhone(spaced(40), rules('NZ'))).toEqual({ ok: true, e164: '+64211234567' });
    expect(parsePhone(spaced(41), rules('NZ'))).toEqual({ ok: false, why: 'invalid' });
  });

  it('needs its country code where there is no default', () => {
    expect(parsePhone('021 123 4567', ANYWHERE)).toEqual({ ok: false, why: 'invalid' });
    expect(parsePhone('64211234567', ANYWHERE)).toEqual({ ok: false, why: 'invalid' });
    expect(parsePhone('+64211234567', ANYWHERE)).toEqual({ ok: true, e164: '+64211234567' });
  });

  it('is of the country that its owner lives in, not of all that share a code', () => {
    const guernsey = '+44 7781 123456';
    const bahamas = '+1 242 359 1234';
    expect(parsePhone(guernsey, rules('GB', 'GB'))).toEqual({ ok: false, why: 'country' });
    expect(parsePhone(guernsey, rules('GB', 'GG'))).toMatchObject({ ok: true });
    expect(parsePhone(bahamas, rules('US', 'US', 'CA'))).toEqual({ ok: false, why: 'country' });
    expect(parsePhone('+7 701 234 5678', rules('RU', 'RU'))).toEqual({ ok: false, why: 'country' });
  });

  it('is told that its country is not allowed before its kind', () => {
    expect(parsePhone('+44 909 879 0123', rules('NZ', 'NZ'))).toEqual({
      ok: false,
      why: 'country',
    });
  });

  it('reads any text without throwing, to E.164 or to nothing', () => {
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789+() -./#,*;=x٣３'),
      maxLength: 45,
    });
    const codes = fc.constantFrom('NZ', 'AU', 'GB', 'US', 'DE', 'IN', 'BR', undefined);
    const text = fc.oneof(digits, fc.string({ unit: 'binary', maxLength: 60 }), mobileLike());
    fc.assert(
      fc.property(text, codes, (written, country) => {
        const parsed = parsePhone(written, rules(country));
        if (!parsed.ok) {
          return;
        }
        expect(parsed.e164).toMatch(E164);
        expect(parsePhone(parsed.e164, ANYWHERE)).toEqual(parsed);
        expect(parsePhone(parsed.e164, rules('BR'))).toEqual(parsed);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has a prefix without its last four digits', () => {
    expect(prefixOf('+64211234567')).toBe('+6421123');
  });
});

function mobileLike(): fc.Arbitrary<string> {
  const block = fc.constantFrom(
    '+6421',
    '+614',
    '+447400',
    '+1415555',
    '+491512',
    '+9198',
    '+55119',
  );
  return fc
    .tuple(block, fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 }))
    .map(([start, rest]) => start + rest);
}
