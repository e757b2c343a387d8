import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** A body with whatever its headers say of it. */
export interface HostileBody {
  readonly bytes: Buffer;
  readonly type: string | undefined;
  readonly encoding?: string;
  readonly isChunked: boolean;
}

const repeated = (open: string, inner: string, close: string, times: number): string =>
  open.repeat(times) + inner + close.repeat(times);

const DEPTHS = [2, 63, 64, 65, 66, 1_000, 10_000];

const deep = fc
  .tuple(fc.constantFrom(...DEPTHS), fc.boolean())
  .map(([depth, isList]) =>
    isList ? repeated('[', '', ']', depth) : repeated('{"a":', '1', '}', depth),
  );

const huge = fc
  .tuple(fc.constantFrom(10, 1_000, 20_000, 60_000), fc.constantFrom('0', '{}', '""', 'null'))
  .map(([count, item]) => `[${Array.from({ length: count }, () => item).join(',')}]`);

/** Keys that mean something to JavaScript or to a library. */
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
  '__defineGetter__',
  '$ref',
  '',
  '\u202e',
  'a.b',
  'a/b~c',
] as const;

const NUMBERS = [
  '1e400',
  '-1e400',
  '-0',
  '0.1',
  '1e-7',
  '9007199254740993',
  '123456789012345678901234567890',
  '1E2',
  '"NaN"',
  '"Infinity"',
  '"0x10"',
];
const TEXTS = ['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\ufeff"', '"\u202e"', '"e\u0301"'];
const VALUES = [...NUMBERS, ...TEXTS, 'null', 'true', '[]', '{}', '[[]]', '[null]', '{"":{"":0}}'];

const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 12 }));
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
  },
);

/** Objects written by hand, since only text can name a key twice. */
const oddObject = fc
  .array(fc.tuple(key, value), { minLength: 1, maxLength: 6 })
  .chain((fields) =>
    fc.record({
      fields: fc.constant(fields),
      twice: fc.boolean(),
      nested: fc.boolean(),
    }),
  )
  .map(({ fields, twice, nested }) => {
    const all = twice ? [...fields, ...fields.toReversed()] : fields;
    const text = `{${all.map(([name, each]) => `${JSON.stringify(name)}:${each}`).join(',')}}`;
    return nested ? `{"to":${text},"amount":${text},"lines":[${text}]}` : text;
  });

/** What the routes read, with one thing wrong. */
const nearly = fc
  .tuple(fc.constantFrom('to', 'amount', 'lines', 'note'), value, key)
  .map(([spoiled, instead, extra]) => {
    const fields: Record<string, string> = {
      to: '"NZ-1"',
      amount: '100',
      lines: '[{"label":"rent","share":1}]',
      note: '"x"',
    };
    fields[spoiled] = instead;
    const text = Object.entries(fields).map(([name, each]) => `"${name}":${each}`);
    return `{${[...text, `${JSON.stringify(extra)}:1`].join(',')}}`;
  });

const PRIMITIVES = ['null', 'true', 'false', '0', '-0', '"text"', '1e400', '[]', '{}', '""'];
const NO_JSON = [
  '',
  ' ',
  '{',
  '{"a":',
  'NaN',
  'undefined',
  "{'a':1}",
  '\ufeff{}',
  '{}{}',
  '\u0000',
];

export const jsonText = fc.oneof(
  { weight: 2, arbitrary: deep },
  { weight: 1, arbitrary: huge },
  { weight: 6, arbitrary: oddObject },
  { weight: 6, arbitrary: nearly },
  { weight: 2, arbitrary: fc.constantFrom(...PRIMITIVES) },
  { weight: 2, arbitrary: fc.constantFrom(...NO_JSON) },
  { weight: 2, arbitrary: fc.json() },
);

const FORMS = [
  'a=1&a=2&a[]=3&a[b]=4',
  '__proto__[polluted]=1&constructor[prototype][polluted]=1',
  'a[b][c][d][e][f][g][h]=1',
  '%',
  '%FF=%FF',
  'a=%ud800',
  '&&&=&=',
  Array.from({ length: 1_200 }, (_, index) => `k${index}=${index}`).join('&'),
  'toString=1&hasOwnProperty=2&length=3',
];

/** Content types that the parsers of the hosts read, and many that they do not. */
const TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/json; charset="',
  'APPLICATION/JSON',
  'application/vnd.api+json',
  'application/json-seq',
  'application/x-www-form-urlencoded',
  'text/plain',
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/x-unread',
  'nonsense',
  '/',
  'application/json, text/plain',
  undefined,
] as const;

const plain = fc.record({
  bytes: fc.oneof(
    { weight: 8, arbitrary: jsonText.map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.constantFrom(...FORMS).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  ),
  type: fc.oneof(
    { weight: 2, arbitrary: fc.constant('application/json') },
    { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
  ),
  isChunked: fc.boolean(),
});

/** Small on the wire, at the limit of the parsers or beyond it when unpacked. */
const bombs = [1_000, 90_000, 150_000, 4_000_000].flatMap((size) => {
  const text = Buffer.from(`{"to":"${' '.repeat(size)}"}`);
  return [
    { bytes: gzipSync(text), encoding: 'gzip' },
    { bytes: deflateSync(text), encoding: 'deflate' },
    { bytes: brotliCompressSync(text), encoding: 'br' },
    { bytes: text.subarray(0, 50), encoding: 'gzip' },
    { bytes: gzipSync(text).subarray(0, 20), encoding: 'gzip' },
    { bytes: text.subarray(0, 50), encoding: 'rot13' },
  ];
});

const packed = fc
  .tuple(fc.constantFrom(...bombs), fc.boolean())
  .map(([bomb, isChunked]) => ({ ...bomb, type: 'application/json', isChunked }));

export const hostileBody: fc.Arbitrary<HostileBody> = fc.oneof(
  { weight: 20, arbitrary: plain },
  { weight: 1, arbitrary: packed },
);
