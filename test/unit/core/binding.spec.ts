import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Binding, type BindingContext } from '../../../src/core/binding.js';
import type { BoundValue } from '../../../src/core/bound-values.js';
import { canonicalJson } from '../../../src/core/canonical-json.js';
import { Keyring } from '../../../src/core/keyring.js';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'key-material-of-the-tests';
const binding = bindingOf();

function bindingOf(
  changes: { secret?: string; previousSecrets?: readonly string[]; audience?: string } = {},
): Binding {
  return new Binding({ secret: SECRET, previousSecrets: [], audience: 'default', ...changes });
}

const context: BindingContext = {
  subject: 'alice',
  session: 'sid-1',
  action: 'pay',
  method: 'POST',
  path: '/payments/7',
  route: '/payments/:id',
  handler: null,
  params: { id: '7' },
  bound: { amount: 100, payee: 'bob' },
};

const withBound = (bound: unknown): BindingContext => ({ ...context, bound });

const leaf = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const { tree } = fc.letrec<{ tree: BoundValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('tree'), { maxKeys: 5 }),
  ),
}));

/** What is equal for a handler: `-0` and `0` are one number in JSON. */
const jsonOf = (value: unknown): string => canonicalJson(value);

describe('a key', () => {
  it('has 58 url-safe characters and begins with its version', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (bound, later) => {
        expect(binding.issue(withBound(bound), NOW + later)).toMatch(/^v1[A-Za-z0-9_-]{56}$/);
      }),
    );
  });

  it('is never the same twice', () => {
    const keys = Array.from({ length: 2_000 }, () => binding.issue(context, NOW));
    expect(new Set(keys).size).toBe(2_000);
  });

  it('gives its time of issue back to the millisecond', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 48 - 1 }), (time) => {
        const key = binding.issue(context, time);
        expect(binding.check(key, context)).toEqual({ outcome: 'bound', issuedAt: time });
      }),
    );
  });

  it('is time, nonce and a MAC over the canonical JSON of both and of all that it is bound to', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 12 });
    const optional = fc.option(texts);
    const contexts = fc.record<BindingContext>({
      subject: texts,
      session: optional,
      action: texts,
      method: texts,
      path: texts,
      route: texts,
      handler: optional,
      params: fc.dictionary(texts, texts),
      bound: tree,
    });
    const audience = 'an "audience"';
    const secrets = { secret: SECRET, previousSecrets: [], audience };
    const [secret] = new Keyring(secrets).derive('binding/v1');
    fc.assert(
      fc.property(contexts, (given) => {
        const [, time, nonce, sent] =
          /^v1(.{8})(.{16})(.{32})$/.exec(new Binding(secrets).issue(given, NOW)) ?? [];
        const text = canonicalJson({ ...given, audience, time, nonce });
        const mac = createHmac('sha256', secret).update(text).digest().subarray(0, 24);
        expect(sent).toBe(mac.toString('base64url'));
      }),
      { numRuns: 500 },
    );
  });

  it('holds nothing of what it is bound to', () => {
    const text = Buffer.from(binding.issue(context, NOW).slice(2), 'base64url').toString('latin1');
    expect(text).not.toMatch(/alice|pay|bob/);
  });
});

describe('a changed request', () => {
  it('is refused, whatever changes of the bound values', () => {
    fc.assert(
      fc.property(tree, tree, (issued, sent) => {
        fc.pre(jsonOf(issued) !== jsonOf(sent));
        const key = binding.issue(withBound(issued), NOW);
        expect(binding.check(key, withBound(sent))).toEqual({ outcome: 'mismatch' });
      }),
      { numRuns: 500 },
    );
  });

  it('is refused for any single change within the bound values', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.nat()), leaf, (issued, choices, other) => {
        const next = choices[Symbol.iterator]();
        const sent = changedOnce(issued, (count) => (next.next().value ?? 0) % count, other);
        fc.pre(jsonOf(issued) !== jsonOf(sent));
        const key = binding.issue(withBound(issued), NOW);
        expect(binding.check(key, withBound(sent))).toEqual({ outcome: 'mismatch' });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [100, '100'],
    [0, false],
    [null, false],
    [null, 'null'],
    ['', null],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1, 2], [12]],
    [
      [[1], 2],
      [1, [2]],
    ],
    [{ 0: 'a' }, ['a']],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: { b: 1 } }, { a: { b: 1, c: 1 } }],
    [{ a: '","b":"' }, { a: '', b: '' }],
    ['\u00e9', 'e\u0301'],
    ['\ud800', '\ufffd'],
    [JSON.parse('{"__proto__":1}'), {}],
    [JSON.parse('{"__proto__":{"amount":1}}'), { amount: 1 }],
    [9_007_199_254_740_991, 9_007_199_254_740_990],
  ])('is told apart: %j is not %j', (issued, sent) => {
    const key = binding.issue(withBound(issued), NOW);
    expect(binding.check(key, withBound(sent)).outcome).toBe('mismatch');
    expect(binding.check(key, withBound(issued)).outcome).toBe('bound');
  });

  it.each<[keyof BindingContext, unknown]>([
    ['subject', 'alice2'],
    ['session', null],
    ['session', 'sid-2'],
    ['action', 'pay2'],
    ['method', 'PUT'],
    ['route', '/payments'],
    ['params', { id: '8' }],
  ])('is refused for another %s: %j', (field, value) => {
    const key = binding.issue(context, NOW);
    expect(binding.check(key, { ...context, [field]: value })).toEqual({ outcome: 'mismatch' });
  });

  it('cannot move a value from one part of the context to another', () => {
    const texts = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(fc.tuple(texts, texts, texts), fc.tuple(texts, texts, texts), (one, other) => {
        fc.pre(one.join('\0') !== other.join('\0') || one.some((text, at) => text !== other[at]));
        const of = ([subject, action, route]: [string, string, string]) => ({
          ...context,
          subject,
          action,
          route,
        });
        expect(binding.check(binding.issue(of(one), NOW), of(other)).outcome).toBe('mismatch');
      }),
    );
  });
});

describe('the same request', () => {
  it('is accepted with its keys in any order', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.nat()), (bound, choices) => {
        const next = choices[Symbol.iterator]();
        const sent = shuffled(bound, (count) => (next.next().value ?? 0) % count);
        const key = binding.issue(withBound(bound), NOW);
        expect(binding.check(key, withBound(sent))).toEqual({ outcome: 'bound', issuedAt: NOW });
      }),
      { numRuns: 500 },
    );
  });

  it('is accepted after its body went over the wire again', () => {
    fc.assert(
      fc.property(tree, (bound) => {
        const key = binding.issue(withBound(bound), NOW);
        const sent: unknown = JSON.parse(JSON.stringify(bound));
        expect(binding.check(key, withBound(sent)).outcome).toBe('bound');
      }),
    );
  });
});

describe('a changed key', () => {
  it('is refused for any single character', () => {
    const alphabet =
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\u00e9';
    fc.assert(
      fc.property(fc.nat({ max: 57 }), fc.constantFrom(...alphabet), (at, character) => {
        const key = binding.issue(context, NOW);
        fc.pre(key[at] !== character);
        const changed = key.slice(0, at) + character + key.slice(at + 1);
        expect(binding.check(changed, context).outcome).not.toBe('bound');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused with anything before or behind it', () => {
    const key = binding.issue(context, NOW);
    for (const changed of [
      `${key}\n`,
      `${key} `,
      ` ${key}`,
      `${key}A`,
      key.slice(1),
      key.slice(0, -1),
      key + key,
    ]) {
      expect(binding.check(changed, context)).toEqual({ outcome: 'foreign' });
    }
  });

  it('is foreign, never an error, whatever text comes back', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^v1[\w-]{0,60}$/)),
        (text) => {
          expect(binding.check(text, context).outcome).toMatch(/^(foreign|mismatch)$/);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(binding.check('v1'.repeat(1_000_000), context)).toEqual({ outcome: 'foreign' });
  });
});

describe('secrets and audiences', () => {
  it('accepts keys of a previous secret and issues under the present one', () => {
    const old = bindingOf({ secret: 'the-secret-of-last-year' });
    const rotated = bindingOf({
      previousSecrets: ['some-other-old-secret', 'the-secret-of-last-year'],
    });
    expect(rotated.check(old.issue(context, NOW), context).outcome).toBe('bound');
    expect(binding.check(rotated.issue(context, NOW), context).outcome).toBe('bound');
    expect(old.check(rotated.issue(context, NOW), context).outcome).toBe('mismatch');
    expect(binding.check(old.issue(context, NOW), context).outcome).toBe('mismatch');
  });

  it('keeps audiences apart, also across a change of the secret', () => {
    const other = bindingOf({ audience: 'staging', previousSecrets: [SECRET] });
    expect(other.check(binding.issue(context, NOW), context).outcome).toBe('mismatch');
    expect(binding.check(other.issue(context, NOW), context).outcome).toBe('mismatch');
  });
});

describe('canonical JSON', () => {
  it.each([
    // RFC 8785, appendix B.
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('writes the sample of RFC 8785, section 3.2', () => {
    const sample = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by their UTF-16 code units, as RFC 8785, section 3.2.3 shows', () => {
    const sample = JSON.parse(
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",' +
        '"1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control",' +
        '"\\u00f6":"Latin Small Letter O With Diaeresis"}',
    );
    const values: unknown[] = Object.values(JSON.parse(canonicalJson(sample)));
    const inOrder = [...canonicalJson(sample).matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    expect(values).toHaveLength(7);
    expect(inOrder).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('agrees with an independent writer', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(canonicalJson(value)).toBe(written(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('s')])(
    'refuses %p rather than write less',
    (value) => {
      expect(() => canonicalJson(value)).toThrow();
    },
  );
});

/** RFC 8785 once more, in the fewest words. */
function written(value: BoundValue): string {
  if (Array.isArray(value)) {
    return `[${value.map(written).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${written(field)}`).join(',')}}`;
}

type Pick = (count: number) => number;

/** The value with one thing changed: a leaf, a key or an item more or less, or two items swapped. */
function changedOnce(value: BoundValue, pick: Pick, other: BoundValue): BoundValue {
  if (typeof value !== 'object' || value === null || pick(4) === 0) {
    return other;
  }
  return isList(value) ? changedList(value, pick, other) : changedObject(value, pick, other);
}

const isList = (value: object): value is readonly BoundValue[] => Array.isArray(value);

function changedList(list: readonly BoundValue[], pick: Pick, other: BoundValue): BoundValue {
  const at = list.length === 0 ? 0 : pick(list.length);
  const item = list[at] ?? null;
  switch (pick(4)) {
    case 0:
      return list.toSpliced(at, 0, other);
    case 1:
      return list.toSpliced(at, 1);
    case 2:
      return list.toReversed();
    default:
      return list.length === 0 ? [other] : list.with(at, changedOnce(item, pick, other));
  }
}

function changedObject(
  object: { readonly [key: string]: BoundValue },
  pick: Pick,
  other: BoundValue,
): BoundValue {
  const fields = Object.entries(object);
  const at = fields.length === 0 ? 0 : pick(fields.length);
  const [key, field] = fields[at] ?? ['', null];
  switch (pick(4)) {
    case 0:
      return Object.fromEntries([...fields, [`${key}+`, other]]);
    case 1:
      return Object.fromEntries(fields.toSpliced(at, 1));
    case 2:
      return Object.fromEntries([...fields.toSpliced(at, 1), [`${key} `, field]]);
    default:
      return Object.fromEntries([...fields, [key, changedOnce(field, pick, other)]]);
  }
}

function shuffled(value: BoundValue, pick: Pick): BoundValue {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (isList(value)) {
    return value.map((item) => shuffled(item, pick));
  }
  const left = Object.entries(value);
  const taken: [string, BoundValue][] = [];
  while (left.length > 0) {
    const [[key, field] = ['', null]] = left.splice(pick(left.length), 1);
    taken.push([key, shuffled(field, pick)]);
  }
  return Object.fromEntries(taken);
}
