import fc from 'fast-check';
import { type HostileBody, hostileBody, jsonText } from './bodies.js';
import { type HostilePlatform, PLATFORMS, USERS } from './hostile-world.js';
import { METHODS, phone, QUERIES, SEGMENTS } from './words.js';

export interface Input {
  readonly platform: HostilePlatform;
  readonly site: 'bank' | 'flows' | 'webhook';
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly user: number | undefined;
  readonly body: HostileBody | undefined;
  /** Of a delivery to the webhook: by the tenant, over these bytes, in time. */
  readonly isSigned?: boolean;
}

/** What is in the hands of whoever attacks. */
export interface Loot {
  readonly tokens: readonly string[];
  readonly handles: readonly string[];
}

export type Header = readonly [string, string];

const HEADER = 'Step-Up-Proof';

function proofOf({ tokens }: Loot): fc.Arbitrary<readonly Header[]> {
  const token = fc.constantFrom(...tokens);
  const garbled = fc
    .tuple(token, fc.nat(), fc.constantFrom('A', 'z', '.', '=', ' ', ',', '"', '\x01', '\xe9'))
    .map(([text, at, instead]) => {
      const place = at % text.length;
      return text.slice(0, place) + instead + text.slice(place + 1);
    });
  const value = fc.oneof(
    token,
    garbled,
    token.map((text) => text.slice(0, text.length / 2)),
    fc.constantFrom('', 'null', 'Bearer x', 'a.b.c', 'e30.e30.', '\x00', '\t', '\xff\xfe', '💸'),
    fc.constantFrom(8_191, 8_192, 8_193, 12_000).map((length) => 'x'.repeat(length)),
    fc.string({ maxLength: 60 }).map((text) => text.replace(/[\r\n]/g, '')),
  );
  return fc.oneof(
    { weight: 4, arbitrary: value.map((text): readonly Header[] => [[HEADER, text]]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(value, value)
        .filter(([one, other]) => one.length + other.length < 14_000)
        .map(([one, other]): readonly Header[] => [
          [HEADER, one],
          [HEADER.toUpperCase(), other],
        ]),
    },
  );
}

const EXTRA: readonly Header[] = [
  ['cookie', '__as_aid=../../x'],
  ['cookie', `__as_aid=${'x'.repeat(4_000)}`],
  ['cookie', '__as_aid=%ud800; __proto__=1; ='],
  ['user-agent', '\xff\xfe\x80'],
  ['user-agent', 'x'.repeat(6_000)],
  ['x-forwarded-for', '::1, 10.0.0.1, not-an-address'],
  ['x-http-method-override', 'GET'],
  ['accept', 'x/'.repeat(200)],
  ['if-none-match', '*'],
  ['expect', '100-continue'],
  ['range', 'bytes=0-'],
  ['constructor', 'x'],
  ['__proto__', 'x'],
  ['content-type', 'text/plain'],
];

export const extras = fc.array(fc.constantFrom(...EXTRA), { maxLength: 2 });
const user = fc.option(fc.nat({ max: USERS.length - 1 }), { nil: undefined, freq: 8 });
export const platform = fc.constantFrom(...PLATFORMS);

const target = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('/default', '/dto', '/bind', '/opening', '/search') },
      {
        weight: 2,
        arbitrary: fc.constantFrom(...SEGMENTS).map((segment) => `/accounts/${segment}/close`),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '//default',
          '/default/',
          '/DEFAULT',
          '/default/..%2fdto',
          '/./default',
          '/accounts/../default',
          '/default%00',
          '/default;x',
          'http://evil.test/default',
          'http://evil.test',
          '*',
          '/%64efault',
          '/dto#x',
        ),
      },
    ),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom(...QUERIES) },
    ),
  )
  .map(([path, query]) => path + query);

/** Requests to guarded routes. */
export function bankInputs(loot: Loot): fc.Arbitrary<Input> {
  const proof = fc.oneof(
    { weight: 1, arbitrary: fc.constant<readonly Header[]>([]) },
    { weight: 1, arbitrary: proofOf(loot) },
  );
  return fc
    .record({
      platform,
      method: fc.constantFrom(...METHODS),
      target,
      proof,
      extras,
      user,
      body: fc.option(hostileBody, { nil: undefined, freq: 4 }),
    })
    .map(({ proof: sent, extras: more, ...rest }) => ({
      ...rest,
      site: 'bank' as const,
      headers: [...sent, ...more],
    }));
}

const FLOW_PATHS = [
  '/enrollment',
  '/enrollment/verify',
  '/phone-number',
  '/phone-number/verify',
  '/verified-number',
  '/sign-in',
  '/sign-in/verify',
  '/resend',
  '',
  '/',
  '/sign-in/',
  '/SIGN-IN',
  '/sign-in%2fverify',
  '/../whatsapp/sign-in',
] as const;

function handleOf({ handles }: Loot): fc.Arbitrary<string> {
  const handle = fc.constantFrom(...handles);
  return fc.oneof(
    handle,
    fc.tuple(handle, fc.nat()).map(([text, at]) => text.slice(0, at % text.length)),
    fc.tuple(handle, fc.nat(), fc.nat({ max: 7 })).map(([text, at, bit]) => {
      const bytes = Buffer.from(text);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      return bytes.toString('latin1');
    }),
    fc.tuple(handle, handle, fc.nat({ max: 4 })).map(([one, other, part]) => {
      const parts = one.split('.');
      parts[part] = other.split('.')[part] ?? '';
      return parts.join('.');
    }),
    handle.map((text) => `${text}=`),
    fc.constantFrom(
      '',
      '....',
      'a.b.c.d.e',
      `${Buffer.from('{"alg":"dir","enc":"A256GCM","zip":"DEF"}').toString('base64url')}..a.b.c`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}..`,
      'x'.repeat(4_096),
      'x'.repeat(4_097),
    ),
  );
}

/** Never the right code: that would be no attack. */
const code = fc.oneof(
  fc.constantFrom('000000', '00 00-00', '1', '12345678901', '١٢٣٤٥٦', '', '1e5', '-', 'true'),
  fc.string({ maxLength: 12 }).filter((text) => !/^\D*(?:\d\D*){6}$/.test(text)),
);

/** Requests to the WhatsApp flows. */
export function flowInputs(loot: Loot): fc.Arbitrary<Input> {
  const fields = fc
    .record({ phoneNumber: phone, handle: handleOf(loot), code }, { requiredKeys: [] })
    .map((body) => JSON.stringify(body));
  const honest = fields.map(
    (text): HostileBody => ({
      bytes: Buffer.from(text),
      type: 'application/json',
      isChunked: false,
    }),
  );
  const odd = fc
    .tuple(fields, jsonText, fc.constantFrom('phoneNumber', 'handle', 'code'))
    .map(([text, instead, name]) => {
      const rest = text === '{}' ? '}' : `,${text.slice(1)}`;
      const bytes = Buffer.from(`{"${name}":${instead}${rest}`);
      return { bytes, type: 'application/json', isChunked: true };
    });
  return fc
    .record({
      platform,
      method: fc.oneof(
        { weight: 8, arbitrary: fc.constant('POST') },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      target: fc
        .tuple(fc.constantFrom(...FLOW_PATHS), fc.constantFrom('', '', '?handle=x', '?%FF'))
        .map(([path, query]) => `/whatsapp${path}${query}`),
      proof: fc.option(proofOf(loot), { nil: [] }),
      extras,
      user,
      body: fc.oneof(
        { weight: 6, arbitrary: honest },
        { weight: 2, arbitrary: odd },
        { weight: 2, arbitrary: hostileBody },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
    })
    .map(({ proof, extras: more, ...rest }) => ({
      ...rest,
      site: 'flows' as const,
      headers: [...proof, ...more],
    }));
}
