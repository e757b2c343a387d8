import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actionAnswer } from '../../../src/authsignal/action-answer.js';
import {
  challengeAnswer,
  claimAnswer,
  verifyAnswer,
} from '../../../src/authsignal/challenge-answers.js';
import type { Shape } from '../../../src/authsignal/shape.js';
import { trackAnswer } from '../../../src/authsignal/track-answer.js';
import {
  authenticatorsAnswer,
  enrollVerifiedAnswer,
  userAnswer,
} from '../../../src/authsignal/user-answers.js';
import { validateAnswer } from '../../../src/authsignal/validate-answer.js';

type Kind = 'text' | 'flag' | 'amount' | 'texts' | 'authenticator';

interface Case {
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly required: Readonly<Record<string, Kind>>;
  readonly optional: Readonly<Record<string, Kind>>;
}

const SAMPLES: Readonly<Record<Kind, unknown>> = {
  text: 'some text',
  flag: false,
  amount: 1_790_000_000,
  texts: ['WHATSAPP', 'SMS'],
  authenticator: { userAuthenticatorId: 'a-1', verificationMethod: 'WHATSAPP' },
};

const CASES: readonly Case[] = [
  {
    name: 'track',
    shape: trackAnswer,
    required: {
      state: 'text',
      token: 'text',
      url: 'text',
      isEnrolled: 'flag',
      idempotencyKey: 'text',
    },
    optional: { allowedVerificationMethods: 'texts', enrolledVerificationMethods: 'texts' },
  },
  {
    name: 'validateChallenge',
    shape: validateAnswer,
    required: { isValid: 'flag' },
    optional: {
      state: 'text',
      userId: 'text',
      action: 'text',
      idempotencyKey: 'text',
      verificationMethod: 'text',
      stateUpdatedAt: 'text',
      error: 'text',
    },
  },
  {
    name: 'challenge',
    shape: challengeAnswer,
    required: { challengeId: 'text' },
    optional: { expiresAt: 'amount' },
  },
  {
    name: 'verify',
    shape: verifyAnswer,
    required: { isVerified: 'flag' },
    optional: {
      phoneNumber: 'text',
      email: 'text',
      verificationMethod: 'text',
      failureReason: 'text',
    },
  },
  {
    name: 'claimChallenge',
    shape: claimAnswer,
    required: { token: 'text' },
    optional: { verificationMethod: 'text' },
  },
  {
    name: 'getUser',
    shape: userAnswer,
    required: { isEnrolled: 'flag' },
    optional: {
      phoneNumber: 'text',
      email: 'text',
      enrolledVerificationMethods: 'texts',
      allowedVerificationMethods: 'texts',
    },
  },
  {
    name: 'enrollVerifiedAuthenticator',
    shape: enrollVerifiedAnswer,
    required: { authenticator: 'authenticator' },
    optional: { recoveryCodes: 'texts' },
  },
  {
    name: 'getAction',
    shape: actionAnswer,
    required: { state: 'text' },
    optional: { verificationMethod: 'text', stateUpdatedAt: 'text' },
  },
];

function sampleOf(fields: Readonly<Record<string, Kind>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, kind]) => [key, SAMPLES[kind]]));
}

/** JSON that often has the right names, and among them often the right types. */
function nearly({ required, optional }: Case): fc.Arbitrary<unknown> {
  const fields = Object.entries({ ...required, ...optional }).map(([key, kind]) => [
    key,
    fc.oneof(fc.constant(SAMPLES[kind]), fc.jsonValue()),
  ]);
  const named = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  return fc.oneof(named, fc.jsonValue());
}

describe.each(CASES)('the answer of $name', (example) => {
  const { shape, required, optional } = example;
  const whole = { ...sampleOf(required), ...sampleOf(optional) };

  it('is read with every field, and without the optional ones', () => {
    expect(shape(whole)).toEqual({ ok: true, value: whole });
    expect(shape(sampleOf(required))).toEqual({ ok: true, value: sampleOf(required) });
  });

  it('is a fresh object without fields that nobody asked for', () => {
    const given = JSON.parse(
      JSON.stringify(whole).replace('{', '{"ruleIds":["r"],"__proto__":{"isValid":true},'),
    );
    const parsed = shape(given);
    expect(parsed).toEqual({ ok: true, value: whole });
    expect(parsed.ok && parsed.value).not.toBe(given);
  });

  it.each(Object.keys(required))('needs %s, and from itself', (key) => {
    const inherited = Object.assign(Object.create({ [key]: whole[key] }), whole);
    delete inherited[key];
    for (const value of [inherited, { ...whole, [key]: null }, { ...whole, [key]: undefined }]) {
      expect(shape(value)).toEqual({ ok: false, field: key });
    }
  });

  it.each(Object.keys(optional))('takes null for an absent %s', (key) => {
    const { [key]: _dropped, ...rest } = whole;
    expect(shape({ ...whole, [key]: null })).toEqual({ ok: true, value: rest });
  });

  it.each(Object.entries({ ...required, ...optional }))(
    'refuses a %s that is no %s',
    (key, kind) => {
      const others: unknown[] = ['7', 7, true, {}, [], [7], ['a', null], { toString: 1 }];
      const right: Readonly<Record<Kind, (value: unknown) => boolean>> = {
        text: (value) => typeof value === 'string',
        flag: (value) => typeof value === 'boolean',
        amount: (value) => typeof value === 'number',
        texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
        authenticator: () => false,
      };
      const wrong = others.filter((value) => !right[kind](value));
      expect(wrong.length).toBeGreaterThan(4);
      for (const value of wrong) {
        const parsed = shape({ ...whole, [key]: value });
        expect(parsed).toEqual({ ok: false, field: expect.stringMatching(new RegExp(`^${key}`)) });
      }
    },
  );

  it.each([null, undefined, [], [whole], 'text', 7, true])('is not %j', (value) => {
    expect(shape(value)).toEqual({ ok: false, field: '' });
  });

  it('is read from any JSON without throwing: what was asked for, or the field', () => {
    const names = new Set([...Object.keys(required), ...Object.keys(optional)]);
    fc.assert(
      fc.property(nearly(example), (value) => {
        const parsed = shape(value);
        if (!parsed.ok) {
          const [name = ''] = parsed.field.split(/[.[]/);
          expect(parsed.field === '' || names.has(name)).toBe(true);
          return;
        }
        const read = Object.entries(parsed.value as object);
        expect(read.every(([key]) => names.has(key))).toBe(true);
        expect(Object.keys(required).every((key) => read.some(([name]) => name === key))).toBe(
          true,
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('the answer of getAuthenticators', () => {
  const one = SAMPLES.authenticator;

  it('is a list, which may be empty', () => {
    expect(authenticatorsAnswer([])).toEqual({ ok: true, value: [] });
    expect(authenticatorsAnswer([one, { ...Object(one), email: 'a@b.cd', verifiedAt: 7 }])).toEqual(
      {
        ok: true,
        value: [one, { ...Object(one), email: 'a@b.cd' }],
      },
    );
  });

  it('names the field of the element that does not fit', () => {
    expect(authenticatorsAnswer({ authenticators: [] })).toEqual({ ok: false, field: '' });
    expect(authenticatorsAnswer([one, 7])).toEqual({ ok: false, field: '[]' });
    expect(authenticatorsAnswer([one, { ...Object(one), email: 7 }])).toEqual({
      ok: false,
      field: '[].email',
    });
  });

  it('is read from any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()), (value) => {
        expect(typeof authenticatorsAnswer(value).ok).toBe('boolean');
      }),
    );
  });
});

describe('the nested fields of an enrolment', () => {
  it('are named with their path', () => {
    expect(enrollVerifiedAnswer({ authenticator: { verificationMethod: 'SMS' } })).toEqual({
      ok: false,
      field: 'authenticator.userAuthenticatorId',
    });
    const authenticator = SAMPLES.authenticator;
    expect(enrollVerifiedAnswer({ authenticator, recoveryCodes: ['a', 7] })).toEqual({
      ok: false,
      field: 'recoveryCodes[]',
    });
  });
});

describe('the action of a validation', () => {
  it('may be called actionCode', () => {
    expect(validateAnswer({ isValid: true, actionCode: 'pay' })).toEqual({
      ok: true,
      value: { isValid: true, action: 'pay' },
    });
  });

  it('is `action` where both are given, as the official SDK has it', () => {
    expect(validateAnswer({ isValid: true, actionCode: 'pay', action: 'view' })).toEqual({
      ok: true,
      value: { isValid: true, action: 'view' },
    });
    expect(validateAnswer({ isValid: true, actionCode: 'pay', action: null })).toEqual({
      ok: true,
      value: { isValid: true },
    });
  });

  it('is refused under either name if it is no text', () => {
    for (const key of ['action', 'actionCode']) {
      expect(validateAnswer({ isValid: true, [key]: 7 })).toEqual({ ok: false, field: 'action' });
    }
  });
});
