import fc from 'fast-check';

/** User ids that look like paths, like nobody, or like somebody else. */
export const IDS = [
  'a/b',
  '../admin',
  'a..b',
  '...',
  'a%2Fb',
  '%2e%2e',
  'a?b#c',
  'a b',
  ' ',
  '\u202eadmin',
  'admin\u200b',
  'ádmin',
  'a\u0301dmin',
  'Ａdmin',
  'null',
  'undefined',
  '[object Object]',
  '__proto__',
  'constructor',
  '0',
  '-1',
  "';drop table users;--",
  '{"a":1}',
  '+64211234567',
  '\u0000',
  '\r\nx: y',
  '💸'.repeat(20),
  'x'.repeat(10_240),
  '.',
  '..',
  '\ud800',
] as const;

/** Whether an id can stand in a path of Authsignal's API; of others nothing can be asked. */
export function isSendable(id: string): boolean {
  return id !== '.' && id !== '..' && id.isWellFormed();
}

/** Nobody, by whatever name: docs/errors.md lists them. */
export function isNobody(id: string): boolean {
  return ['', 'undefined', 'null', 'NaN', '[object Object]'].includes(id.trim());
}

export const SEGMENTS = [
  'x',
  '..',
  '.',
  '%2e%2e',
  '%2E%2E%2F',
  '%2f',
  '%252f',
  '%5c',
  '..%2fadmin',
  '%00',
  '%',
  '%F',
  '%FF',
  '%ud800',
  '%F0%9F%92%B8',
  ';a=b',
  'a;b',
  '*',
  ':id',
  '(.*)',
  '__proto__',
  'constructor',
  '~',
  '%20',
  '+',
  'x'.repeat(2_000),
  '\xff\xfe',
  "'",
  '"',
  '<>',
  '\\',
  '|',
] as const;

export const QUERIES = [
  '',
  '?',
  '?a=1&a=2',
  '?a[]=1&a[b]=2',
  '?a[b][c][d]=1',
  '?__proto__=1',
  '?__proto__[polluted]=1&constructor.prototype.polluted=1',
  '?%=1',
  '?%FF=%FF',
  '?a=%ud800',
  '?a=%00',
  '?&&&&',
  '?=',
  '??',
  '?a#b',
  `?${'a=1&'.repeat(1_500)}`,
  `?a=${'x'.repeat(6_000)}`,
  '?toString=1&hasOwnProperty=1&length=-1',
  '?amount=1e400&amount=-0',
] as const;

export const METHODS = [
  'POST',
  'POST',
  'POST',
  'GET',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'NOSUCH',
  'post',
] as const;

export const PHONES = [
  '+64211234567',
  '\u202e+64211234567',
  '\u2066+64 21 123 4567\u2069',
  '＋６４２１１２３４５６７',
  '٠٢١١٢٣٤٥٦٧',
  '++64211234567',
  '+ 64211234567',
  '+64+211234567',
  '0064211234567',
  '021 123-4567',
  '+64211234567;ext=9',
  '+64211234567 x9',
  'tel:+64211234567',
  'tel:0211234567;phone-context=+64',
  '+64211234567\u0000',
  '+64211234567\n',
  '+6421123456789012345678',
  '+1',
  '+',
  '',
  '+64800123456',
  '+6491234567',
  '+12015550123',
  '+999123456789',
  '911',
  '+64 (21) 1234567 call me',
  '1'.repeat(64),
  '+64211234567'.repeat(10),
] as const;

const digits = fc.stringMatching(/^[0-9]{1,12}$/);

export const phone = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PHONES) },
  { weight: 1, arbitrary: digits.map((rest) => `+64${rest}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);
