import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStepUpError, StepUpError } from '../../../src/core/errors.js';
import { readProof, sentProof } from '../../../src/core/proof-header.js';
import { problemText, renderVerdict } from '../../../src/core/render-verdict.js';
import type { RefusedVerdict } from '../../../src/core/verdict.js';
import { PROOF_REFUSALS, REFUSAL_CODES, type RefusalCode } from '../../../src/core/wire.js';
import { requestOf } from './gate-bench.js';

describe('sentProof', () => {
  const headers = { 'step-up-proof': 'of-the-header' };

  it('takes what came with the message before the header', () => {
    const request = requestOf({ headers });
    expect(sentProof(request, 'Step-Up-Proof')).toBe('of-the-header');
    expect(sentProof({ ...request, proof: 'of-the-message' }, 'Step-Up-Proof')).toBe(
      'of-the-message',
    );
    expect(sentProof({ ...request, proof: 7 }, 'Step-Up-Proof')).toBe(7);
    expect(sentProof({ ...request, headers: {} }, 'Step-Up-Proof')).toBeUndefined();
  });
});

describe('readProof', () => {
  it('throws for no input, and takes only a token for a token', () => {
    const anything = fc.oneof(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withNullPrototype: true,
        withTypedArray: true,
      }),
      fc.string({ unit: 'binary' }),
      fc.array(fc.string()),
      fc.stringMatching(/^[\w\-.~+/=]*$/),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const proof = readProof(value);
        if (proof.sent === 'token') {
          expect(proof.token).toBe(value);
          expect(String(value)).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
        } else {
          expect(proof).toEqual({ sent: value === undefined ? 'none' : 'malformed' });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, unknown]>([
    ['nothing in it', ''],
    ['a space', 'a b'],
    ['a line end', 'abc\n'],
    ['a NUL', 'a\0b'],
    ['two values joined', 'abc, def'],
    ['two values', ['abc', 'def']],
    ['one value in a list', ['abc']],
    ['another script', 'ab\u0441'],
    ['half a pair', '\ud800'],
    ['padding within', 'a=b'],
    ['padding alone', '=='],
    ['an object', { toString: () => 'abc' }],
    ['a number', 7],
    ['null', null],
    ['16 MB', 'a'.repeat(16 * 2 ** 20)],
    ['quotes', '"abc"'],
    ['a scheme', 'Bearer abc'],
  ])('finds no token in a header with %s', (_name, value) => {
    expect(readProof(value)).toEqual({ sent: 'malformed' });
  });

  it('takes 8192 characters and not one more', () => {
    expect(readProof('a'.repeat(8192))).toEqual({ sent: 'token', token: 'a'.repeat(8192) });
    expect(readProof('a'.repeat(8193))).toEqual({ sent: 'malformed' });
    expect(readProof(`${'a'.repeat(8192)}=`)).toEqual({ sent: 'malformed' });
  });

  it('takes a JWT as it is', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.dGVzdA-_';
    expect(readProof(token)).toEqual({ sent: 'token', token });
  });
});

const challenge = {
  token: 'challenge-token',
  url: 'https://mfa.authsignal.test',
  methods: ['WHATSAPP'],
};

/** Every kind of refusal, with the status, code and further fields that DESIGN gives it. */
const TABLE: readonly [RefusedVerdict, number, RefusalCode, Record<string, unknown>][] = [
  [
    { kind: 'challenge', action: 'pay', challenge, retryHeader: 'Step-Up-Proof' },
    403,
    'step_up_required',
    { action: 'pay', challenge, retry: { header: 'Step-Up-Proof' } },
  ],
  ...PROOF_REFUSALS.map(
    (reason): [RefusedVerdict, number, RefusalCode, Record<string, unknown>] => [
      { kind: 'challenge', action: 'pay', challenge, retryHeader: 'X-Proof', reason },
      403,
      'step_up_required',
      { action: 'pay', challenge, retry: { header: 'X-Proof' }, reason },
    ],
  ),
  [{ kind: 'unenrolled', action: 'pay' }, 403, 'step_up_enrollment_required', { action: 'pay' }],
  [
    { kind: 'unenrolled', action: 'pay', enrollmentUrl: '/security' },
    403,
    'step_up_enrollment_required',
    { action: 'pay', enrollmentUrl: '/security' },
  ],
  [{ kind: 'blocked', action: 'pay' }, 403, 'step_up_blocked', { action: 'pay' }],
  [{ kind: 'review_pending', action: 'pay' }, 403, 'step_up_review_pending', { action: 'pay' }],
  [{ kind: 'failed', action: 'pay' }, 403, 'step_up_failed', { action: 'pay' }],
  [{ kind: 'consumed', action: 'pay' }, 409, 'step_up_consumed', { action: 'pay' }],
  [
    { kind: 'invalid', errors: [{ pointer: '#/amount', detail: 'is missing' }] },
    400,
    'request_invalid',
    { errors: [{ pointer: '#/amount', detail: 'is missing' }] },
  ],
  [{ kind: 'unauthenticated' }, 401, 'step_up_unauthenticated', {}],
  [{ kind: 'unavailable', retryAfterMs: 5_000 }, 503, 'step_up_unavailable', {}],
  [{ kind: 'misconfigured' }, 500, 'step_up_misconfigured', {}],
  [{ kind: 'send_limited', retryAfterMs: 5_000 }, 429, 'otp_send_limited', {}],
  [{ kind: 'code_wrong' }, 400, 'otp_invalid', {}],
  [{ kind: 'attempts_exceeded', retryAfterMs: 5_000 }, 429, 'otp_attempts_exceeded', {}],
  [{ kind: 'phone_invalid' }, 400, 'phone_invalid', {}],
  [{ kind: 'phone_not_allowed' }, 422, 'phone_not_allowed', {}],
  [{ kind: 'handle_invalid' }, 400, 'handle_invalid', {}],
  [
    { kind: 'sign_in_incomplete', handle: 'sealed', retryAfterMs: 5_000 },
    503,
    'sign_in_incomplete',
    { handle: 'sealed' },
  ],
  [{ kind: 'webhook_unsigned' }, 401, 'webhook_signature_invalid', {}],
  [{ kind: 'webhook_invalid' }, 400, 'webhook_invalid', {}],
  [{ kind: 'webhook_too_large' }, 413, 'webhook_too_large', {}],
];

describe('renderVerdict', () => {
  it.each(TABLE)('answers %j', (verdict, status, code, fields) => {
    const rendered = renderVerdict(verdict);
    expect(rendered.status).toBe(status);
    expect(rendered.headers).toEqual({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...('retryAfterMs' in verdict ? { 'retry-after': '5' } : {}),
    });
    const { type, title, detail, ...rest } = rendered.body;
    expect(rest).toEqual({ status, code, ...fields });
    expect(type).toBe(`urn:authsignal-guard:problem:${code}`);
    expect(title).toMatch(/^[A-Z][\w -]+$/);
    expect(detail).toMatch(/^[A-Z].+\.$/);
    expect(JSON.parse(problemText(rendered))).toEqual(rendered.body);
  });

  it('reaches every code', () => {
    expect(new Set(TABLE.map(([, , code]) => code))).toEqual(new Set(REFUSAL_CODES));
  });

  it('tells each reason in words of its own', () => {
    const details = TABLE.filter(([verdict]) => verdict.kind === 'challenge').map(
      ([verdict]) => renderVerdict(verdict).body.detail,
    );
    expect(new Set(details).size).toBe(PROOF_REFUSALS.length + 1);
  });

  it.each([
    [0, '1'],
    [-5_000, '1'],
    [1, '1'],
    [999, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [59_999.5, '60'],
    [3_600_000, '3600'],
  ])('rounds %d ms up to Retry-After: %s', (retryAfterMs, seconds) => {
    expect(renderVerdict({ kind: 'unavailable', retryAfterMs }).headers['retry-after']).toBe(
      seconds,
    );
  });

  it.each(['{}', '{"kind":"approved"}', '{"kind":"__proto__"}', '{"kind":null,"action":"secret"}'])(
    'refuses with 500, and says nothing, for a verdict that only untyped code can make: %s',
    (text) => {
      const untyped: RefusedVerdict = JSON.parse(text);
      expect(renderVerdict(untyped)).toEqual(renderVerdict({ kind: 'misconfigured' }));
    },
  );

  it('writes no field that a verdict was not asked for', () => {
    const leaky = {
      ruleIds: ['rule-1'],
      apiSecretKey: 'secret',
      idempotencyKey: 'v1key',
      phoneNumber: '+64211234567',
    };
    for (const [verdict] of TABLE) {
      const untyped: RefusedVerdict = { ...leaky, ...verdict };
      const text = JSON.stringify(renderVerdict(untyped));
      expect(text).toBe(JSON.stringify(renderVerdict(verdict)));
      expect(text).not.toMatch(/rule-1|secret|v1key|6421/);
    }
  });
});

describe('StepUpError', () => {
  const rendered = renderVerdict({ kind: 'unavailable', retryAfterMs: 2_000 });

  it('carries what the client is answered', () => {
    const error = new StepUpError('step_up_unavailable', rendered.body.detail, rendered);
    expect(error).toMatchObject({
      name: 'StepUpError',
      code: 'step_up_unavailable',
      status: 503,
      statusCode: 503,
      headers: rendered.headers,
      problem: rendered.body,
      message: rendered.body.detail,
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual(rendered.body);
    expect(error).toBeInstanceOf(Error);
  });

  it('carries code and message where nobody is answered', () => {
    const error = new StepUpError('ERR_STEP_UP_OPTION', 'what to change');
    expect(error).toMatchObject({ status: 500, statusCode: 500, headers: {} });
    expect(error.problem).toBeUndefined();
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'ERR_STEP_UP_OPTION',
      message: 'what to change',
    });
  });

  it('is known across copies of the package, and nothing else is', async () => {
    const copy: typeof import('../../../src/core/errors.js') = await importAgain();
    const foreign = new copy.StepUpError('ERR_STEP_UP_OPTION', 'of another copy');
    expect(foreign).not.toBeInstanceOf(StepUpError);
    expect(isStepUpError(foreign)).toBe(true);
    expect(copy.isStepUpError(new StepUpError('ERR_STEP_UP_OPTION', 'of this copy'))).toBe(true);
    for (const other of [
      undefined,
      null,
      'StepUpError',
      new Error('x'),
      { name: 'StepUpError', code: 'step_up_failed' },
    ]) {
      expect(isStepUpError(other)).toBe(false);
    }
    expect(Object.keys(foreign)).not.toContain('brand');
  });
});

async function importAgain(): Promise<typeof import('../../../src/core/errors.js')> {
  const { jest } = await import('@jest/globals');
  jest.resetModules();
  return import('../../../src/core/errors.js');
}
