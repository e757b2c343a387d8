import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { signWebhook } from '../../../src/testing/index.js';
import {
  isSignedBy,
  signatureText,
  signingKey,
  timeFault,
} from '../../../src/webhook/signature.js';
import { parseSignatureHeader } from '../../../src/webhook/signature-header.js';

const SECRET = 'a server API secret';
const OTHER = 'the secret of another tenant';
const NOW = Date.UTC(2026, 0, 1);
const SECONDS = String(NOW / 1_000);
const FIVE_MINUTES = 300_000;

/** Signed by hand, as Authsignal documents it, by none of the code under test. */
const signed = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('base64').replace('=', '');

const accepts = (
  header: unknown,
  body: string,
  { keys = [SECRET], now = NOW }: { keys?: string[]; now?: number } = {},
): boolean => {
  const parsed = parseSignatureHeader(header);
  return (
    parsed !== undefined &&
    isSignedBy(keys.map(signingKey), parsed, Buffer.from(body)) &&
    timeFault(parsed.timestamp, now, FIVE_MINUTES) === undefined
  );
};

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const timestamp = fc.integer({ min: 1, max: 999_999_999_999 });

describe('parseSignatureHeader', () => {
  it('reads every header of the documented form, in any order, beside other schemes', () => {
    const signatures = fc.array(bytes32, { minLength: 1, maxLength: 8 });
    const others = fc.array(
      fc.constantFrom('v1=abc', 'v3=a+b/c', 'kid=key-1', 'v2x=1', 'tt=5', 'v=', 'time=9'),
      {
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(
        timestamp,
        signatures,
        others,
        fc.boolean(),
        fc.boolean(),
        (t, all, beside, last, padded) => {
          const items = all.map(
            (each) => `v2=${padded ? each.toString('base64') : signatureText(each)}`,
          );
          const time = `t=${t}`;
          const header = [
            ...(last ? [] : [time]),
            ...beside,
            ...items,
            ...(last ? [time] : []),
          ].join(',');
          expect(parseSignatureHeader(header)).toEqual({ timestamp: String(t), signatures: all });
        },
      ),
      { numRuns: 500 },
    );
  }, 240_000);

  it('throws for no input, and whatever it takes has one plain time and whole signatures', () => {
    const piece = fc.constantFrom(
      't=',
      't=1740016316',
      'v2=',
      `v2=${'A'.repeat(43)}`,
      ',',
      ' ',
      '=',
      'NaN',
      '\0',
      '-1',
      'v1=x',
      '\ud800',
    );
    const anything = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(',')),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const parsed = parseSignatureHeader(value);
        if (parsed === undefined) {
          return;
        }
        expect(String(value).match(/(^|,)t=/g)).toHaveLength(1);
        expect(parsed.timestamp).toMatch(/^[1-9]\d{0,11}$/);
        expect(parsed.signatures.every(({ length }) => length === 32)).toBe(true);
        expect(parsed.signatures.length).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  }, 240_000);

  const sig = signed(SECRET, SECONDS, '{}');
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a list', [`t=${SECONDS},v2=${sig}`]],
    ['an object', { toString: () => `t=${SECONDS},v2=${sig}` }],
    ['no time', `v2=${sig}`],
    ['no signature', `t=${SECONDS}`],
    ['only another scheme', `t=${SECONDS},v1=${sig}`],
    ['two times', `t=${SECONDS},t=${SECONDS},v2=${sig}`],
    ['two headers joined', `t=${SECONDS},v2=${sig}, t=${SECONDS},v2=${sig}`],
    ['a space', `t=${SECONDS}, v2=${sig}`],
    ['a line end', `t=${SECONDS},v2=${sig}\n`],
    ['a comma too many', `t=${SECONDS},v2=${sig},`],
    ['a time that is no number', `t=NaN,v2=${sig}`],
    ['a time with more behind it', `t=${SECONDS}x,v2=${sig}`],
    ['a negative time', `t=-1,v2=${sig}`],
    ['a signed time', `t=+${SECONDS},v2=${sig}`],
    ['a time of zeros', `t=0,v2=${sig}`],
    ['a leading zero', `t=0${SECONDS},v2=${sig}`],
    ['a fraction', `t=${SECONDS}.5,v2=${sig}`],
    ['an exponent', `t=1e9,v2=${sig}`],
    ['digits of another script', `t=١٧٤٠,v2=${sig}`],
    ['an endless time', `t=${'9'.repeat(13)},v2=${sig}`],
    ['a short signature', `t=${SECONDS},v2=${sig.slice(1)}`],
    ['a long signature', `t=${SECONDS},v2=${sig}A`],
    ['base64url', `t=${SECONDS},v2=${'-'.repeat(42)}A`],
    ['another spelling of the last bits', `t=${SECONDS},v2=${'A'.repeat(42)}B`],
    ['two paddings', `t=${SECONDS},v2=${sig}==`],
    ['one bad among good', `t=${SECONDS},v2=${sig},v2=abc`],
    ['nine signatures', `t=${SECONDS}${`,v2=${sig}`.repeat(9)}`],
    ['more than 1,024 characters', `t=${SECONDS},v2=${sig},v3=${'a'.repeat(1_000)}`],
    ['capitals', `T=${SECONDS},V2=${sig}`],
  ])('refuses %s', (_name, value) => {
    expect(parseSignatureHeader(value)).toBeUndefined();
  });
});

describe('a signature', () => {
  it('holds for its key, its time and its bytes alone', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (body, at, flip) => {
          const { headers } = signWebhook({
            apiSecretKey: SECRET,
            event: { data: { body } },
            now: NOW,
          });
          const signedBody = signWebhook({
            apiSecretKey: SECRET,
            event: { id: 'one', data: { body } },
            now: NOW,
          });
          const parsed = parseSignatureHeader(signedBody.headers['x-signature-v2']);
          expect(headers['x-signature-v2']).toMatch(/^t=\d+,v2=[A-Za-z0-9+/]{43}$/);
          if (parsed === undefined) {
            throw new Error('It has just been signed.');
          }
          const bytes = Buffer.from(signedBody.body);
          expect(isSignedBy([signingKey(SECRET)], parsed, bytes)).toBe(true);
          expect(isSignedBy([signingKey(OTHER)], parsed, bytes)).toBe(false);
          const later = { ...parsed, timestamp: String(Number(parsed.timestamp) + 1) };
          expect(isSignedBy([signingKey(SECRET)], later, bytes)).toBe(false);
          const place = at % bytes.length;
          bytes.writeUInt8(bytes.readUInt8(place) ^ flip, place);
          expect(isSignedBy([signingKey(SECRET)], parsed, bytes)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  }, 240_000);

  it.each<[string[], string[], boolean]>([
    [[SECRET], [SECRET], true],
    [[SECRET], [OTHER, SECRET], true],
    [[SECRET], [SECRET, OTHER], true],
    [[OTHER, SECRET], [SECRET], true],
    [[SECRET, OTHER], [SECRET], true],
    [[OTHER, SECRET], ['third', SECRET], true],
    [[OTHER], [SECRET], false],
    [[OTHER, 'third'], [SECRET, 'fourth'], false],
  ])('is looked for with the keys %j among those of %j: %j', (keys, signers, holds) => {
    const { headers, body } = signWebhook({ apiSecretKey: signers, event: {}, now: NOW });
    expect(accepts(headers['x-signature-v2'], body, { keys })).toBe(holds);
  });

  it.each([
    [-300_000, undefined],
    [-300_001, 'too_old'],
    [0, undefined],
    [300_000, undefined],
    [300_001, 'too_new'],
  ] as const)('that is %d ms from now is %j', (ms, fault) => {
    expect(timeFault(SECONDS, NOW - ms, FIVE_MINUTES)).toBe(fault);
  });

  it('has a key that is not shown', () => {
    expect(inspect(signingKey(SECRET), { showHidden: true, depth: 9 })).not.toContain(SECRET);
    expect(JSON.stringify(signingKey(SECRET))).toBe('{}');
  });
});

describe('beside the official SDK', () => {
  let constructEvent: (body: string, header: string) => unknown;
  beforeAll(async () => {
    const { Authsignal } = await import('@authsignal/node');
    const { webhook } = new Authsignal({ apiSecretKey: SECRET });
    constructEvent = (body, header) => webhook.constructEvent(body, header);
  });

  const sdkAccepts = (header: string, body: string): boolean => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
    try {
      constructEvent(body, header);
      return true;
    } catch {
      return false;
    } finally {
      clock.mockRestore();
    }
  };

  it('takes what `signWebhook` signs, and reads the same event', () => {
    const event = { id: 'one', type: 'sms.created', data: { to: '+64210', name: 'Zoë 🙂 \u2028' } };
    const { headers, body } = signWebhook({ apiSecretKey: [OTHER, SECRET], event, now: NOW });
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
    expect(constructEvent(body, headers['x-signature-v2'])).toMatchObject(event);
    clock.mockRestore();
  });

  const body = '{"id":"one","text":"Zoë 🙂"}';
  const sig = signed(SECRET, SECONDS, body);
  const at = (seconds: number): string => {
    const t = String(NOW / 1_000 + seconds);
    return `t=${t},v2=${signed(SECRET, t, body)}`;
  };
  const same: readonly (readonly [string, string, boolean])[] = [
    ['a plain signature', `t=${SECONDS},v2=${sig}`, true],
    ['the other order', `v2=${sig},t=${SECONDS}`, true],
    ['padding', `t=${SECONDS},v2=${sig}=`, true],
    ['two keys', `t=${SECONDS},v2=${signed(OTHER, SECONDS, body)},v2=${sig}`, true],
    ['another scheme beside it', `t=${SECONDS},v1=abc,v2=${sig},v3=def`, true],
    ['another key', `t=${SECONDS},v2=${signed(OTHER, SECONDS, body)}`, false],
    ['another body', `t=${SECONDS},v2=${signed(SECRET, SECONDS, '{}')}`, false],
    ['another time', `t=${Number(SECONDS) + 1},v2=${sig}`, false],
    ['five minutes ago', at(-300), true],
    ['longer ago', at(-301), false],
    ['a while ahead', at(299), true],
    ['no time', `v2=${sig}`, false],
    ['no signature', `t=${SECONDS}`, false],
    ['nothing', '', false],
    ['another version', `t=${SECONDS},v1=${sig}`, false],
    ['a space', `t=${SECONDS}, v2=${sig}`, false],
    ['capitals', `T=${SECONDS},V2=${sig}`, false],
    ['a cut signature', `t=${SECONDS},v2=${sig.slice(0, -1)}`, false],
    [
      'another spelling',
      `t=${SECONDS},v2=${sig.replaceAll('+', '-').replaceAll('/', '_').slice(0, 42)}B`,
      false,
    ],
  ];
  it.each(same)('does the same for %s', (_name, header, expected) => {
    expect({ sdk: sdkAccepts(header, body), ours: accepts(header, body) }).toEqual({
      sdk: expected,
      ours: expected,
    });
  });

  const stricter: readonly (readonly [string, string])[] = [
    ['a time further ahead', at(301)],
    ['NaN', `t=NaN,v2=${signed(SECRET, 'NaN', body)}`],
    ['a time with more behind it', `t=${SECONDS}abc,v2=${sig}`],
    ['a leading zero', `t=0${SECONDS},v2=${sig}`],
    ['two times', `t=1,t=${SECONDS},v2=${sig}`],
    ['a broken signature beside a good one', `t=${SECONDS},v2=abc,v2=${sig}`],
    ['nine signatures', `t=${SECONDS}${`,v2=${sig}`.repeat(9)}`],
  ];
  it.each(stricter)('is stricter about %s', (_name, header) => {
    expect({ sdk: sdkAccepts(header, body), ours: accepts(header, body) }).toEqual({
      sdk: true,
      ours: false,
    });
  });

  it('never takes what the SDK refuses', () => {
    const t = fc.oneof(fc.constant(SECONDS), timestamp.map(String), fc.string());
    const good = fc.constantFrom(`v2=${sig}`, `v2=${sig}=`, `v2=${signed(OTHER, SECONDS, body)}`);
    const item = fc.oneof(
      good,
      fc.string().map((text) => `v2=${text}`),
      t.map((time) => `t=${time}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), t, (items, time) => {
        const header = [`t=${time}`, ...items].join(',');
        const both = { ours: accepts(header, body), sdk: sdkAccepts(header, body) };
        expect(both.ours && !both.sdk).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  }, 240_000);
});
