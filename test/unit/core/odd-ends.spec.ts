import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { canonicalJson } from '../../../src/core/canonical-json.js';
import { withinDeadline } from '../../../src/core/deadline.js';
import { StepUpError } from '../../../src/core/errors.js';
import { describeError, maskPhone } from '../../../src/core/redact.js';
import { createStepUpGate } from '../../../src/create-step-up-gate.js';
import {
  type Bench,
  bench,
  challengeIn,
  type Options,
  type Policy,
  provenBy,
  requestOf,
  SECRET,
  withProof,
} from './gate-bench.js';

const pay: Policy = { action: 'pay' };
const proven: Policy = { action: 'pay', requireChallenge: true };

const ofType = (made: Bench, type: string) => made.events.filter((event) => event.type === type);
const said = (made: Bench) => made.lines.join('\n');

describe('what is told of an approval', () => {
  it('names the proof and the method, where there are any', async () => {
    const made = bench();
    const proof = await provenBy(made, proven, requestOf(), 'SMS');
    await made.gate.evaluate(withProof(proof), proven);
    await made.gate.evaluate(requestOf(), pay);
    const [byProof, byRules] = ofType(made, 'approved');
    expect(byProof).toMatchObject({
      by: 'challenge',
      proofId: expect.stringMatching(/^v1/),
      verificationMethod: 'SMS',
    });
    expect(Object.keys(byRules ?? {})).not.toContain('proofId');
    expect(Object.keys(byRules ?? {})).not.toContain('verificationMethod');
  });

  it('says of a challenge whether it was raised', async () => {
    const made = bench();
    await made.gate.evaluate(requestOf(), proven);
    made.authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
    await made.gate.evaluate(requestOf(), proven);
    expect(ofType(made, 'challenge_issued')).toMatchObject([{ raised: true }, { raised: false }]);
  });
});

describe('what is not there', () => {
  it('is left out, and not told as undefined', async () => {
    const made = bench();
    const { ip: _ip, ...request } = requestOf();
    const verdict = await made.gate.evaluate({ ...request, ip: undefined }, proven);
    expect(Object.keys(verdict)).not.toContain('reason');
    const [tracked] = made.authsignal.callsOf('track');
    expect(tracked?.attributes).toEqual({});
    const [refused] = ofType(made, 'refused');
    expect(Object.keys(refused ?? {})).not.toContain('reason');
    made.authsignal.unenroll('alice');
    const unenrolled = await made.gate.evaluate(requestOf(), proven);
    expect(Object.keys(unenrolled)).not.toContain('enrollmentUrl');
  });

  it('is left out of the events of a request by nobody', async () => {
    const made = bench();
    await made.gate.evaluate(requestOf({ raw: {} }), {
      action: { oneOf: ['pay'], select: () => 'pay' },
    });
    const [missing] = ofType(made, 'subject_missing');
    expect(Object.keys(missing ?? {})).not.toContain('subject');
  });
});

describe('an answer to track that a new action cannot have', () => {
  it('is told by what is wrong with it', async () => {
    const made = bench();
    made.authsignal.outcome('pay', 'REVIEW_SUCCEEDED');
    const detail = 'Authsignal answered with a state that a new action cannot have';
    expect(await made.gate.evaluate(requestOf(), pay)).toMatchObject({ kind: 'unavailable' });
    expect(ofType(made, 'unexpected_answer')).toMatchObject([{ call: 'track', detail }]);
    expect(said(made)).toContain(`${detail}: REVIEW_SUCCEEDED`);
  });

  it('has a key of its own', async () => {
    const made = bench();
    const track = made.authsignal.track.bind(made.authsignal);
    made.authsignal.track = (request) => track({ ...request, idempotencyKey: 'another' });
    expect(await made.gate.evaluate(requestOf(), pay)).toMatchObject({ kind: 'unavailable' });
    const detail = 'Authsignal answered with another idempotencyKey than the one it was given';
    expect(ofType(made, 'unexpected_answer')).toMatchObject([{ call: 'track', detail }]);
  });

  it('does not take the state of a challenge', async () => {
    const made = bench();
    made.authsignal.updateAction = async () => ({ ok: true, value: { state: 'ALLOW' } });
    expect(await made.gate.evaluate(requestOf(), proven)).toMatchObject({ kind: 'unavailable' });
    expect(ofType(made, 'unexpected_answer')).toMatchObject([
      {
        call: 'updateAction',
        detail: 'Authsignal did not take the state that a challenge needs',
      },
    ]);
  });
});

describe('a proof that Authsignal does not take', () => {
  it.each(['rejected', 'unauthorized', 'wrong_shape'] as const)(
    'for %s is invalid',
    async (kind) => {
      const made = bench();
      made.authsignal.fail('validateChallenge', kind);
      const { reason } = challengeIn(await made.gate.evaluate(withProof('a.b.c'), proven));
      expect(reason).toBe('proof_invalid');
    },
  );

  const token = (claims: unknown) =>
    `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

  it.each([
    ['expired', token({ exp: 1 }), 'proof_expired'],
    ['of text', token({ exp: '1' }), 'proof_invalid'],
    ['null', token(null), 'proof_invalid'],
    ['a number', token(7), 'proof_invalid'],
    ['a text', token('exp'), 'proof_invalid'],
    ['no JSON', 'x.e30x.x', 'proof_invalid'],
    ['missing', 'x', 'proof_invalid'],
  ])('with claims that are %s says so', async (_what, sent, reason) => {
    const made = bench();
    expect(challengeIn(await made.gate.evaluate(withProof(sent), proven)).reason).toBe(reason);
  });

  it('is not called expired for what its token says while something else is wrong', async () => {
    const made = bench();
    made.authsignal.validateChallenge = async () => ({
      ok: true,
      value: {
        isValid: false,
        state: 'CHALLENGE_REQUIRED',
        userId: 'alice',
        action: 'pay',
        idempotencyKey: String(made.authsignal.callsOf('track').at(-1)?.idempotencyKey),
      },
    });
    await made.gate.evaluate(requestOf(), proven);
    const verdict = await made.gate.evaluate(withProof(token({ exp: 1 })), proven);
    expect(challengeIn(verdict).reason).toBe('challenge_pending');
  });
});

describe('a body that cannot be read or bound', () => {
  const reading = (read: () => unknown): Policy => ({ action: 'pay', body: read });
  const throwing = (error: unknown) =>
    reading(() => {
      throw error;
    });

  it('because of how the application was put together', async () => {
    const made = bench();
    const verdict = await made.gate.evaluate(
      requestOf(),
      throwing(new StepUpError('ERR_STEP_UP_OPTION', 'class-validator is missing')),
    );
    expect(verdict).toMatchObject({ kind: 'misconfigured' });
    expect(ofType(made, 'callback_failed')).toMatchObject([
      { callback: 'body', error: 'class-validator is missing' },
    ]);
  });

  it('because its reader broke is told to its owner', async () => {
    const made = bench();
    await made.gate.evaluate(requestOf(), throwing(new Error('broken')));
    expect(said(made)).toContain('`body` threw something without issues: Error: broken');
  });

  it('is told with what may be pointed at, and no more than fifty of it', async () => {
    const many = Array.from({ length: 60 }, (_each, index) => ({ message: 'bad', path: [index] }));
    const made = bench();
    const full = await made.gate.evaluate(requestOf(), throwing({ issues: many }));
    expect(full).toMatchObject({ kind: 'invalid' });
    expect('errors' in full && full.errors).toHaveLength(50);
    const issues = ['text', null, { message: 7, path: [null, { key: 'a' }, { key: {} }] }];
    expect(await made.gate.evaluate(requestOf(), throwing({ issues }))).toMatchObject({
      errors: [{ pointer: '#/%3F/a/%3F', detail: 'is not valid' }],
    });
  });

  it('because no parser has read it', async () => {
    const made = bench();
    await made.gate.evaluate(requestOf({ bodyState: 'unread' }), pay);
    expect(said(made)).toContain(
      'the request declares a body that no parser has read, so nothing of it could be bound. Put',
    );
  });

  it.each([
    ['multipart/form-data; boundary=x', 'misconfigured'],
    [' Multipart/mixed', 'misconfigured'],
    ['text/multipart/form-data', 'approved'],
  ])('as %s needs `bind`: %s', async (type, kind) => {
    const made = bench();
    const request = requestOf({ headers: { 'content-type': type } });
    expect((await made.gate.evaluate(request, pay)).kind).toBe(kind);
    expect(ofType(made, 'callback_failed')).toMatchObject(
      kind === 'approved'
        ? []
        : [{ callback: 'bind', error: 'is needed: files are no part of a multipart body' }],
    );
  });

  it('because numbers of the application are no whole ones, while a raw body may have them', async () => {
    const made = bench();
    const picks = { ...pay, bind: () => ({ amount: 0.1 }) };
    const verdict = await made.gate.evaluate(requestOf(), picks);
    expect(verdict.kind).not.toBe('approved');
    const raw = requestOf({ body: { amount: 0.1 }, query: { rate: 0.5 } });
    expect((await made.gate.evaluate(raw, pay)).kind).toBe('approved');
  });

  it('because `bind` returned a class instance is told with the place', async () => {
    const made = bench();
    const policy: Policy = { action: 'pay', bind: () => ({ when: new Date(0) as never }) };
    expect(await made.gate.evaluate(requestOf(), policy)).toMatchObject({ kind: 'misconfigured' });
    expect(ofType(made, 'callback_failed')).toMatchObject([
      { callback: 'bind', error: expect.stringMatching(/^#\/when \S/) },
    ]);
  });
});

describe('attributes', () => {
  const withAttributes = (attributes: object): Policy => ({
    action: 'pay',
    attributes: () => attributes,
  });

  it('are refused as a whole for one field that is wrong', async () => {
    const made = bench();
    const custom = { fine: 1, wrong: Number.NaN };
    const verdict = await made.gate.evaluate(requestOf(), withAttributes({ custom }));
    expect(verdict).toMatchObject({ kind: 'misconfigured' });
    expect(ofType(made, 'callback_failed')).toMatchObject([
      { callback: 'attributes', error: 'returned a `custom` of the wrong type' },
    ]);
  });

  it('are named where one is unknown', async () => {
    const made = bench();
    await made.gate.evaluate(requestOf(), withAttributes({ scope: 'add:authenticators' }));
    expect(ofType(made, 'callback_failed')).toMatchObject([
      {
        error: expect.stringMatching(
          /^returned `scope`, which is none of redirectUrl, ipAddress, .*, custom$/,
        ),
      },
    ]);
  });

  it('have no device where another cookie has its name in it', async () => {
    const made = bench();
    const headers = { cookie: 'not__as_aid=x; __as_aid_too=y' };
    await made.gate.evaluate(requestOf({ headers }), pay);
    expect(Object.keys(made.authsignal.callsOf('track')[0]?.attributes ?? {})).toEqual([
      'ipAddress',
    ]);
  });
});

describe('a text that may be logged', () => {
  it('hides at least four digits of a number, however short it is', () => {
    expect(maskPhone('+1234567')).toBe('+12••••7');
    expect(maskPhone('+123456789')).toBe('+12••••789');
    expect(maskPhone('+123456789012345')).toBe('+12••••2345');
    expect(maskPhone('+123456')).toBe('+123456');
  });

  it('is one line of three hundred characters at most', () => {
    expect(describeError(new Error(`a\r\n\n\u2028b`), [])).toBe('Error: a b');
    expect(describeError(new Error('x'.repeat(5_000)), [])).toHaveLength(300);
  });

  it.each([{ name: 7 }, { message: {} }])('has no words of an error with %p', (fields) => {
    expect(describeError(Object.assign(new Error('x'), fields), [])).toBe('object thrown');
  });
});

describe('a deadline', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('costs no timer for what is there, and leaves none behind', async () => {
    jest.useFakeTimers();
    for (const value of [null, 7, 'text', Object.fromEntries([['then', 7]]), {}]) {
      const waited = withinDeadline<unknown>(value, 1_000);
      expect(jest.getTimerCount()).toBe(0);
      expect(await waited).toBe(value);
    }
    const waited = withinDeadline(Promise.resolve(8), 1_000);
    expect(jest.getTimerCount()).toBe(1);
    expect(await waited).toBe(8);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('canonical JSON', () => {
  it('is of JSON values alone', () => {
    expect(() => canonicalJson(undefined)).toThrow(new TypeError('Not a JSON value.'));
  });
});

describe('the limits of what options may be', () => {
  const options = (changes: object) => () =>
    createStepUpGate({
      authsignal: bench().authsignal,
      secret: SECRET,
      subject: () => 'ann',
      replayStore: { burn: () => true, restore: () => undefined },
      ...changes,
    } as Options);

  it.each([
    { timeoutMs: 2_147_483_647 },
    { secret: 'x'.repeat(16) },
    { circuitBreaker: { window: 10_000, minimumCalls: undefined } },
    { previousSecrets: ['y'.repeat(16)] },
    { header: 'X-1' },
  ])('takes %p', (changes) => {
    expect(options(changes)).not.toThrow();
  });

  it.each([
    [{ timeoutMs: 2_147_483_648 }, 'timeoutMs'],
    [{ secret: 'x'.repeat(15) }, 'secret'],
    [{ secret: Array.from({ length: 20 }) }, 'secret'],
    [{ circuitBreaker: { window: 10_001 } }, 'window'],
    [{ circuitBreaker: { failureRate: '0.5' } }, 'failureRate'],
    [{ previousSecrets: ['y'.repeat(16), 'short'] }, 'previousSecrets'],
    [{ header: ['X-1'] }, 'header'],
    [{ actions: [7] }, 'actions'],
  ])('refuses %p', (changes, name) => {
    expect(options(changes)).toThrow(new RegExp(name));
  });

  it('names what an object must have', () => {
    expect(options({ replayStore: {} })).toThrow('an object with burn() and restore()');
  });
});
