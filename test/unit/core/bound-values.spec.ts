import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BoundValue,
  copyOfBound,
  findUnbound,
  isPlainObject,
  pointerToken,
} from '../../../src/core/bound-values.js';

class Money {
  readonly #amount: number;
  constructor(amount: number) {
    this.#amount = amount;
  }
  get amount(): number {
    return this.#amount;
  }
}

const symbolKeyed = { amount: 1, [Symbol('payee')]: 'mallory' };
const hidden = Object.defineProperty({ amount: 1 }, 'payee', {
  value: 'mallory',
  enumerable: false,
});
const listWithJson = Object.assign([1, 2], { toJSON: () => [] });

function nestedObjects(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
}

const realm = createContext({});
const ofAnotherRealm = (code: string): unknown => runInContext(`(${code})`, realm);

describe('what can be bound', () => {
  it.each<[string, unknown]>([
    ['a text', 'text'],
    ['an empty text', ''],
    ['true', true],
    ['null', null],
    ['zero', 0],
    ['the greatest safe integer', Number.MAX_SAFE_INTEGER],
    ['the least safe integer', Number.MIN_SAFE_INTEGER],
    ['an empty list', []],
    ['an empty object', {}],
    ['data of all kinds', { a: [1, 'b', { c: null, d: [true, []] }] }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['an own key named __proto__', JSON.parse('{"__proto__":{"a":1}}')],
    ['an object of another realm', ofAnotherRealm('{ a: { b: [1] } }')],
    ['a list of another realm', ofAnotherRealm('[1, { a: "b" }]')],
    ['a parsed query string', new URLSearchParams('a=1').toString()],
    ['64 levels', nested(64)],
    ['64 levels of objects', nestedObjects(64)],
  ])('is %s', (_name, value) => {
    expect(findUnbound(value, 'safe-integers')).toBeUndefined();
    expect(findUnbound(value, 'finite')).toBeUndefined();
  });

  it('is any JSON value, as the body of a request', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(findUnbound(JSON.parse(text), 'finite')).toBeUndefined();
      }),
    );
  });
});

describe('what cannot be bound', () => {
  it.each<[string, unknown, 'client' | 'code', RegExp]>([
    ['undefined', undefined, 'client', /missing/],
    ['a hole in a list', new Array(1), 'client', /missing/],
    ['NaN', Number.NaN, 'client', /whole number/],
    ['Infinity', Number.POSITIVE_INFINITY, 'client', /whole number/],
    ['-Infinity', Number.NEGATIVE_INFINITY, 'client', /whole number/],
    ['65 levels', nested(65), 'client', /deeper than 64/],
    ['65 levels of objects', nestedObjects(65), 'client', /deeper than 64/],
    ['a function', () => 1, 'code', /function/],
    ['a class', Money, 'code', /function/],
    ['a symbol', Symbol('s'), 'code', /symbol/],
    ['a bigint', 1n, 'code', /bigint/],
    ['an instance with private fields', new Money(1), 'code', /is a Money/],
    ['a Map', new Map([['a', 1]]), 'code', /is a Map/],
    ['a Set', new Set([1]), 'code', /is a Set/],
    ['a Date', new Date(0), 'code', /is a Date/],
    ['a RegExp', /a/, 'code', /is a RegExp/],
    ['a Promise', Promise.resolve(1), 'code', /is a Promise/],
    ['an Error', new Error('a'), 'code', /is a Error/],
    ['bytes', new Uint8Array(1), 'code', /is a Uint8Array/],
    ['a Buffer', Buffer.from('a'), 'code', /is a Buffer/],
    ['a URL', new URL('https://example.com'), 'code', /is a URL/],
    ['search parameters', new URLSearchParams('a=1'), 'code', /is a URLSearchParams/],
    ['a boxed text', Object('a'), 'code', /is a String/],
    ['a boxed number', Object(1), 'code', /is a Number/],
    ['an object that inherits data', Object.create({ amount: 1 }), 'code', /is a Object/],
    ['an instance without a name', new (class {})(), 'code', /class instance/],
    [
      'an instance whose constructor is gone',
      Object.create(Object.create({ constructor: undefined })),
      'code',
      /class instance/,
    ],
    ['a Map of another realm', ofAnotherRealm('new Map()'), 'code', /is a Map/],
    ['an object with a key that is a symbol', symbolKeyed, 'code', /symbol/],
    ['an object with a hidden field', hidden, 'code', /hidden/],
    ['a list that writes itself', listWithJson, 'code', /list/],
    ['an object that writes itself', { toJSON: () => ({}) }, 'code', /function/],
  ])('is %s', (_name, value, fault, detail) => {
    for (const numbers of ['safe-integers', 'finite'] as const) {
      expect(findUnbound({ deep: [value] }, numbers)).toMatchObject({
        fault,
        detail: expect.stringMatching(detail),
      });
    }
  });

  it.each([0.5, 2 ** 53, -(2 ** 53), 1e21, 100.000_000_01])(
    'is %p where code has picked it, though not in a body',
    (value) => {
      expect(findUnbound({ amount: value }, 'safe-integers')).toEqual({
        pointer: '#/amount',
        fault: 'client',
        detail: 'must be a whole number within 2^53 - 1, or a string',
      });
      expect(findUnbound({ amount: value }, 'finite')).toBeUndefined();
    },
  );

  it('is pointed at as RFC 6901 says, in a URI fragment', () => {
    const pointerOf = (value: unknown) => findUnbound(value, 'finite')?.pointer;
    expect(pointerOf(undefined)).toBe('#');
    expect(pointerOf({ items: [1, { price: undefined }] })).toBe('#/items/1/price');
    // The keys of section 6 of the RFC.
    const keys = {
      '': '#/',
      'a/b': '#/a~1b',
      'c%d': '#/c%25d',
      'e^f': '#/e%5Ef',
      'g|h': '#/g%7Ch',
      'i\\j': '#/i%5Cj',
      'k"l': '#/k%22l',
      ' ': '#/%20',
      'm~n': '#/m~0n',
    };
    for (const [key, pointer] of Object.entries(keys)) {
      expect(pointerOf({ [key]: undefined })).toBe(pointer);
    }
    expect(pointerOf({ '~1': undefined })).toBe('#/~01');
    expect(pointerOf(JSON.parse('{"__proto__":1e999}'))).toBe('#/__proto__');
  });

  it('is found wherever it hides', () => {
    const place = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.nat({ max: 3 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        place,
        fc.constantFrom<unknown>(undefined, 1n, new Map(), Number.NaN),
        (path, value) => {
          const whole = path.reduceRight<unknown>(
            (inner, key) =>
              typeof key === 'number'
                ? [...Array(key).fill(0), inner]
                : Object.fromEntries([
                    ['a', 1],
                    [key, inner],
                  ]),
            value,
          );
          const pointer = ['#', ...path.map((key) => pointerToken(String(key)))].join('/');
          expect(findUnbound(whole, 'finite')?.pointer).toBe(pointer);
        },
      ),
    );
  });
});

describe('a plain object', () => {
  it.each([null, undefined, 'a', 1, [], () => 1, new Money(1), new Map()])('is not %p', (value) => {
    expect(isPlainObject(value)).toBe(false);
  });
});

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 'core');
}

describe('a copy', () => {
  it('is equal, holds the same keys, and shares nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const given: unknown = value;
        const copy = copyOfBound(given as BoundValue);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        expect(sharedWith(copy, given)).toBe(false);
      }),
    );
  });

  it('has a field named __proto__ as a field', () => {
    const value: BoundValue = JSON.parse('{"__proto__":{"amount":1},"a":[{"__proto__":2}]}');
    const copy = copyOfBound(value);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });
});

/** Whether any object of the one is an object of the other. */
function sharedWith(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null) return false;
  return (
    one === other ||
    Object.entries(one).some(([key, value]) => sharedWith(value, Reflect.get(Object(other), key)))
  );
}

describe('a proxy', () => {
  it.each([
    ['of an object', new Proxy({ amount: 1 }, {})],
    ['of a list', new Proxy([1], {})],
    ['within', { deep: [new Proxy({}, {})] }],
  ])('%s is refused: it may say something else the next time', (_name, value) => {
    expect(findUnbound(value, 'finite')).toMatchObject({
      fault: 'code',
      detail: expect.stringContaining('Proxy'),
    });
  });
});
