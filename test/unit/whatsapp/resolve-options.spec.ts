import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { isStepUpError } from '../../../src/core/errors.js';
import type { WhatsAppLimits, WhatsAppOptions } from '../../../src/whatsapp/options.js';
import { resolveWhatsAppOptions } from '../../../src/whatsapp/resolve-options.js';

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const HOURS = 60 * MINUTES;
const DAYS = 24 * HOURS;

const resolve = (options: object) =>
  resolveWhatsAppOptions({ countries: ['NZ'], ...options } as WhatsAppOptions<unknown>);

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!isStepUpError(error)) {
      throw new Error('Not an error of ours', { cause: error });
    }
    expect(error.code).toBe('ERR_STEP_UP_OPTION');
    return error.message;
  }
  throw new Error('Nothing was wrong');
}

describe('without any limits of its own an application gets', () => {
  it('those that the documentation promises', () => {
    expect(resolve({}).limits).toEqual({
      waitsMs: [30 * SECONDS, 60 * SECONDS, 120 * SECONDS, 300 * SECONDS],
      number: [
        { max: 3, windowMs: 10 * MINUTES },
        { max: 10, windowMs: DAYS },
      ],
      user: [{ max: 5, windowMs: HOURS }],
      ip: [
        { max: 3, windowMs: MINUTES },
        { max: 20, windowMs: DAYS },
      ],
      prefix: [{ max: 60, windowMs: HOURS }],
      budget: [{ max: 5_000, windowMs: DAYS }],
      conversion: { minSends: 50, minRate: 0.1, windowMs: DAYS },
      codesPerFlow: 5,
      codes: [
        { max: 10, windowMs: HOURS },
        { max: 20, windowMs: DAYS },
        { max: 100, windowMs: 20 * DAYS },
      ],
    });
  });

  it('the same where it says nothing in so many words', () => {
    const defaults = resolve({}).limits;
    expect(resolve({ limits: undefined }).limits).toEqual(defaults);
    expect(resolve({ limits: {} }).limits).toEqual(defaults);
    expect(resolve({ limits: { number: undefined, codesPerFlow: undefined } }).limits).toEqual(
      defaults,
    );
  });
});

describe('a limit', () => {
  const LISTS = ['number', 'user', 'ip', 'prefix', 'budget', 'codes'] as const;

  it.each(LISTS)('"%s" takes the place of its default and of no other', (name) => {
    const own = [{ max: 7, windowMs: 90 * SECONDS }];
    const { limits } = resolve({ limits: { [name]: own } });
    expect(limits).toEqual({ ...resolve({}).limits, [name]: own });
  });

  it.each([...LISTS, 'waitsMs'] as const)('"%s" is switched off by false', (name) => {
    expect(resolve({ limits: { [name]: false } }).limits[name]).toEqual([]);
  });

  it('"conversion" is switched off by false', () => {
    expect(resolve({ limits: { conversion: false } }).limits.conversion).toBe(false);
  });

  it('may have a window from a second to twenty days', () => {
    const user = [
      { max: 1, windowMs: 1 * SECONDS },
      { max: 2, windowMs: 20 * DAYS },
    ];
    const waitsMs = [1 * SECONDS, 20 * DAYS];
    const conversion = { minSends: 1, minRate: 1, windowMs: 1 * SECONDS };
    expect(resolve({ limits: { user, waitsMs, conversion } }).limits).toMatchObject({
      user,
      waitsMs,
      conversion,
    });
  });

  it('cannot be changed after start', () => {
    const number = [{ max: 1, windowMs: MINUTES }];
    const { limits } = resolve({ limits: { number } });
    number.push({ max: 99, windowMs: MINUTES });
    Object.assign(number[0] ?? {}, { max: 99 });
    expect(limits.number).toEqual([{ max: 1, windowMs: MINUTES }]);
    expect(Object.isFrozen(limits)).toBe(true);
  });
});

describe('a number may be sent to', () => {
  it('in the countries that are listed, or in any where that is said', () => {
    expect(resolve({ countries: ['NZ', 'AU'] }).phones.countries).toEqual(new Set(['NZ', 'AU']));
    expect(resolve({ countries: 'any' }).phones.countries).toBe('any');
  });

  it('without its country code where a country is given', () => {
    expect(resolve({}).phones.defaultCountry).toBeUndefined();
    const both = { countries: ['NZ', 'AU'], defaultCountry: 'AU' };
    expect(resolve(both).phones.defaultCountry).toBe('AU');
    const any = { countries: 'any', defaultCountry: 'AU' };
    expect(resolve(any).phones.defaultCountry).toBe('AU');
  });
});

type WrongLimit = readonly [keyof WhatsAppLimits | string, unknown];

const LIST_FAULTS: readonly unknown[] = [
  true,
  null,
  0,
  5,
  'no',
  {},
  { max: 1, windowMs: MINUTES },
  [],
  [null],
  [5],
  [{}],
  [{ max: 1 }],
  [{ windowMs: MINUTES }],
  [{ max: 0, windowMs: MINUTES }],
  [{ max: -1, windowMs: MINUTES }],
  [{ max: 1.5, windowMs: MINUTES }],
  [{ max: Number.NaN, windowMs: MINUTES }],
  [{ max: Number.POSITIVE_INFINITY, windowMs: MINUTES }],
  [{ max: '3', windowMs: MINUTES }],
  [{ max: 3, windowMs: 999 }],
  [{ max: 3, windowMs: 0 }],
  [{ max: 3, windowMs: '60000' }],
  [{ max: 3, windowMs: 1_000.5 }],
  [{ max: 3, windowMs: 20 * DAYS + 1 }],
  [{ max: 3, windowMs: MINUTES }, false],
];

const WRONG_LIMITS: readonly WrongLimit[] = [
  ...['number', 'user', 'ip', 'prefix', 'budget', 'codes'].flatMap((name) =>
    LIST_FAULTS.map((value): WrongLimit => [name, value]),
  ),
  ...[true, null, 30_000, [], ['30'], [999], [-1], [30_000, null], [21 * DAYS]].map(
    (value): WrongLimit => ['waitsMs', value],
  ),
  ...[true, null, 0.1, {}, { minSends: 50 }].map((value): WrongLimit => ['conversion', value]),
  ...[
    { minSends: 0 },
    { minSends: '50' },
    { minRate: 0 },
    { minRate: 1.1 },
    { minRate: '0.1' },
    { minRate: Number.NaN },
    { windowMs: 1 },
  ].map(
    (wrong): WrongLimit => ['conversion', { minSends: 50, minRate: 0.1, windowMs: DAYS, ...wrong }],
  ),
  ...[0, -1, 1.5, '5', null, false, true, []].map((value): WrongLimit => ['codesPerFlow', value]),
];

describe('a mistake is told at start', () => {
  it.each(WRONG_LIMITS)('in the limit "%s" as %j', (name, value) => {
    const message = messageOf(() => resolve({ limits: { [name]: value } }));
    expect(message).toMatch(new RegExp(`^WhatsApp limits: \`${name}\` must be .+\\.$`));
  });

  it.each([true, false, null, 5, 'off', [], () => ({})])('in limits as %p', (limits) => {
    expect(messageOf(() => resolve({ limits }))).toMatch(/limits.* must be an object/);
  });

  it('in the name of a limit or an option, with those that exist', () => {
    expect(messageOf(() => resolve({ limits: { numbers: [] } }))).toMatch(
      /^WhatsApp limits has no `numbers`\. It knows: waitsMs, number, user, .*codes\.$/,
    );
    expect(messageOf(() => resolve({ signin: {} }))).toMatch(
      /^WhatsApp has no `signin`\. It knows: countries, .*signIn/,
    );
  });

  it('where nobody says which countries', () => {
    for (const countries of [undefined]) {
      expect(messageOf(() => resolve({ countries }))).toMatch(
        /`countries` is missing.*\['NZ', 'AU'\].*'any'/,
      );
    }
  });

  it.each([
    [null],
    [[]],
    ['NZ'],
    ['ANY'],
    [['nz']],
    [['NZ', 'XX']],
    [[64]],
    [{ NZ: true }],
    [true],
  ])('in countries as %j', (countries) => {
    expect(messageOf(() => resolve({ countries }))).toMatch(
      /^WhatsApp: `countries` must be a list of codes such as \['NZ', 'AU'\], or 'any'\.$/,
    );
  });

  it.each(['nz', 'XX', '', 64, null])('in a default country as %j', (defaultCountry) => {
    expect(messageOf(() => resolve({ defaultCountry }))).toMatch(
      /^WhatsApp: `defaultCountry` must be a country code such as NZ\.$/,
    );
  });

  it('in a default country that no message may go to', () => {
    expect(messageOf(() => resolve({ defaultCountry: 'AU' }))).toMatch(
      /`defaultCountry` must be one of `countries`/,
    );
  });

  it('in the options of a flow', () => {
    expect(messageOf(() => resolve({ enrollment: true }))).toMatch(/`enrollment` must be an obj/);
    expect(messageOf(() => resolve({ phoneNumber: 'yes' }))).toMatch(/`phoneNumber` must be an o/);
    expect(messageOf(() => resolve({ verifiedNumber: {} }))).toMatch(/an object with resolve\(\)/);
    expect(messageOf(() => resolve({ signIn: { signedIn: () => ({}) } }))).toMatch(
      /`signIn` must be an object with findOrCreateUser\(\) and signedIn\(\)/,
    );
    expect(messageOf(() => resolve({ onAuthenticatorChanged: {} }))).toMatch(/must be a function/);
    expect(messageOf(() => resolve({ enrollment: [] }))).toMatch(/`enrollment` must be an object/);
    expect(messageOf(() => resolve({ enrollment: { actoin: 'x' } }))).toMatch(
      /^WhatsApp enrollment has no `actoin`\. It knows: action\./,
    );
    const flows = {
      enrollment: {},
      phoneNumber: {},
      verifiedNumber: { resolve: () => null },
      signIn: { findOrCreateUser: () => 'u', signedIn: () => ({}) },
    };
    for (const [flow, own] of Object.entries(flows)) {
      const wrong = { [flow]: { ...own, action: 'sign in!' } };
      expect(messageOf(() => resolve(wrong))).toMatch(
        new RegExp(`^WhatsApp ${flow}: \`action\` must be an action code`),
      );
    }
  });

  it.each([[null], [true], ['redis://127.0.0.1'], [{}], [new Map()], [[]], [{ eval: 1 }]])(
    'in a store of limits that is no client, such as %p',
    (limitStore) => {
      expect(messageOf(() => resolve({ limitStore }))).toMatch(
        /^WhatsApp: `limitStore` must be a client of ioredis or node-redis\.$/,
      );
    },
  );

  it.each([undefined, null, 'NZ', 5])('where the options are %p', (options) => {
    const given: unknown = options;
    expect(messageOf(() => resolveWhatsAppOptions(given as WhatsAppOptions<unknown>))).toMatch(
      /^WhatsApp must be a plain object/,
    );
  });

  it('but not in a client of either make', () => {
    const ioredis = new Redis({ lazyConnect: true });
    const nodeRedis = createClient();
    expect(() => resolve({ limitStore: ioredis })).not.toThrow();
    expect(() => resolve({ limitStore: nodeRedis })).not.toThrow();
    ioredis.disconnect();
  });
});
