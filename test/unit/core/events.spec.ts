import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStepUpError } from '../../../src/core/errors.js';
import { describeError, maskNumbers, maskPhone } from '../../../src/core/redact.js';
import { renderVerdict } from '../../../src/core/render-verdict.js';
import {
  bench,
  challengeIn,
  type Options,
  type Policy,
  provenBy,
  type Request,
  requestOf,
  SECRET,
  withProof,
} from './gate-bench.js';

const pay: Policy = { action: 'pay', requireChallenge: true };

describe('an event', () => {
  it('says of which evaluation it is, when, where and who', async () => {
    const made = bench();
    made.clock.advance(5);
    await made.gate.evaluate(requestOf({ route: '/payments/:id', method: 'PUT' }), {
      action: 'pay',
    });
    const [tracked, approved] = made.events;
    expect(tracked).toEqual({
      type: 'action_tracked',
      evaluationId: expect.stringMatching(/^[\w-]{20}$/),
      at: made.clock.now(),
      transport: 'http',
      method: 'PUT',
      route: '/payments/:id',
      path: requestOf().path,
      action: 'pay',
      subject: 'alice',
      state: 'ALLOW',
      enrolled: true,
      idempotencyKey: expect.stringMatching(/^v1/),
    });
    expect(approved).toMatchObject({
      type: 'approved',
      by: 'rules',
      evaluationId: tracked?.evaluationId,
    });
    await made.gate.evaluate(requestOf(), { action: 'pay' });
    expect(made.events[2]?.evaluationId).not.toBe(tracked?.evaluationId);
  });

  it('hides a subject that is a phone number, and numbers in a path', async () => {
    const made = bench({ subject: () => '+64211234567' });
    await made.gate.evaluate(requestOf({ path: '/users/+64211234567/codes/123456' }), {
      action: 'pay',
    });
    const text = JSON.stringify(made.events);
    expect(made.events[0]).toMatchObject({
      subject: '+64••••4567',
      path: '/users/[number]/codes/[number]',
    });
    expect(text).not.toMatch(/211234567|123456/);
  });

  it('never holds a token, a body or a secret', async () => {
    const made = bench();
    const request = requestOf({
      body: { card: 'card-in-the-body' },
      headers: { authorization: 'Bearer session-token', cookie: 'sid=cookie-value' },
    });
    const proof = await provenBy(made, pay, request);
    await made.gate.evaluate(
      { ...request, headers: { ...request.headers, 'step-up-proof': proof } },
      pay,
    );
    await made.gate.evaluate(withProof('unknown-token'), pay);
    expect(made.told()).toContain('proof_burned');
    const text = JSON.stringify([made.events, made.lines]);
    for (const hidden of [
      proof,
      'unknown-token',
      'card-in-the-body',
      'session-token',
      'cookie-value',
      SECRET,
    ]) {
      expect(text).not.toContain(hidden);
    }
  });
});

describe('onEvent', () => {
  it.each<[string, NonNullable<Options['onEvent']>]>([
    [
      'throws',
      () => {
        throw new Error(`listener broken by ${SECRET}`);
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error(`listener broken by ${SECRET}`);
      },
    ],
  ])(
    'that %s changes no verdict, ends no process and is logged once for each event',
    async (_name, onEvent) => {
      const made = bench({ onEvent });
      for (let count = 0; count < 3; count += 1) {
        expect((await made.gate.evaluate(requestOf(), { action: 'pay' })).kind).toBe('approved');
        expect((await made.gate.evaluate(requestOf(), pay)).kind).toBe('challenge');
      }
      await new Promise((resolve) => setImmediate(resolve));
      const types = ['action_tracked', 'approved', 'challenge_issued', 'refused'];
      expect(made.lines.toSorted()).toEqual(
        types.map((type) =>
          expect.stringMatching(
            new RegExp(`onEvent .*"${type}": Error: listener broken by \\[secret\\]`),
          ),
        ),
      );
    },
  );

  it('is not needed', async () => {
    const made = bench({ onEvent: undefined as never });
    expect((await made.gate.evaluate(requestOf(), pay)).kind).toBe('challenge');
    expect(made.lines).toEqual([]);
  });
});

describe('a route', () => {
  it('that Express filled in hides its numbers, in events and in the log', async () => {
    const made = bench();
    const route = '/phones/+64211234567/payments';
    await made.gate.evaluate(requestOf({ route, raw: {} }), { action: 'pay' });
    expect(made.events.map((event) => event.route)).toEqual(
      made.events.map(() => '/phones/[number]/payments'),
    );
    expect(made.lines.join('\n')).toContain('/phones/[number]/payments');
    expect(made.lines.join('\n')).not.toContain('4211234567');
  });
});

describe('a warning', () => {
  it('is written once for each action and route, however often it is met', async () => {
    const made = bench({ subject: () => undefined });
    for (const route of ['/a', '/a', '/b', '/a']) {
      await made.gate.evaluate(requestOf({ route }), { action: 'pay' });
    }
    expect(made.lines).toHaveLength(2);
    expect(made.lines[0]).toMatch(/^Action "pay" \(POST \/a\): /);
  });

  it('is written two hundred times at most in ten minutes, and again after them', async () => {
    const made = bench({ subject: () => undefined });
    const flood = async () => {
      for (let count = 0; count < 250; count += 1) {
        const route = `/${String(count).split('').join('a')}`;
        await made.gate.evaluate(requestOf({ route }), { action: 'pay' });
      }
    };
    await flood();
    made.clock.advance(599_999);
    await flood();
    expect(made.lines).toHaveLength(200);
    // What must be mended has room of its own.
    made.authsignal.fail('track', 'unauthorized');
    await made.gate.evaluate(requestOf(), { action: 'pay', subject: () => 'alice' });
    expect(made.lines).toHaveLength(201);
    made.clock.advance(1);
    await made.gate.evaluate(requestOf({ route: '/a' }), { action: 'pay' });
    expect(made.lines).toHaveLength(202);
  });

  it('names all actions of a choice that was not made', async () => {
    const made = bench();
    const policy: Policy = { action: { oneOf: ['pay', 'refund'], select: () => 'other' } };
    await made.gate.evaluate(requestOf(), policy);
    expect(made.lines).toEqual([
      expect.stringMatching(
        /^Action "pay\|refund" .*`select` failed: returned a code that is not in `oneOf`/,
      ),
    ]);
  });
});

describe("mode 'observe'", () => {
  const observe: Policy = { action: 'pay', mode: 'observe' };
  const thrower = () => {
    throw new Error('broken');
  };

  it.each<[string, Policy, Partial<Request>, string]>([
    ['nobody acts', { subject: () => '' }, {}, 'step_up_unauthenticated'],
    ['a callback throws', { attributes: thrower }, {}, 'step_up_misconfigured'],
    [
      '`select` throws',
      { action: { oneOf: ['pay'], select: thrower } },
      {},
      'step_up_misconfigured',
    ],
    ['`skip` throws', { skip: thrower }, {}, 'step_up_misconfigured'],
    ['the body is not valid', { body: thrower }, {}, 'request_invalid'],
    ['nothing read the body', {}, { bodyState: 'unread' }, 'step_up_misconfigured'],
    ['a challenge would be needed', { requireChallenge: true }, {}, 'step_up_required'],
  ])(
    'lets through and tells what it would refuse when %s',
    async (_name, policy, request, code) => {
      const made = bench();
      const verdict = await made.gate.evaluate(requestOf(request), { ...observe, ...policy });
      expect(verdict).toMatchObject({
        kind: 'approved',
        approval: { action: 'pay', by: 'observed' },
      });
      expect(made.events.slice(-2)).toMatchObject([
        { type: 'would_refuse', code },
        { type: 'approved', by: 'observed' },
      ]);
      expect(made.told()).not.toContain('refused');
      expect(made.told()).not.toContain('challenge_issued');
      expect(made.calls()).not.toContain('updateAction');
    },
  );

  it.each([
    'BLOCK',
    'REVIEW_REQUIRED',
    'CHALLENGE_REQUIRED',
    'CHALLENGE_FAILED',
    'REVIEW_FAILED',
  ] as const)('lets %s through', async (state) => {
    const made = bench();
    made.authsignal.outcome('pay', state);
    const verdict = await made.gate.evaluate(requestOf(), observe);
    expect(verdict).toMatchObject({
      kind: 'approved',
      approval: { by: 'observed', subject: 'alice' },
    });
  });

  it.each(['track', 'validateChallenge'] as const)('lets through while %s fails', async (call) => {
    const made = bench();
    made.authsignal.fail(call, 'timed_out');
    const verdict = await made.gate.evaluate(withProof('a.b.c'), observe);
    expect(verdict).toMatchObject({ kind: 'approved', approval: { by: 'observed' } });
    expect(made.told()).toContain('would_refuse');
  });

  it('lets through while the store fails, and what it has seen before', async () => {
    const broken = bench({ replayStore: { burn: thrower, restore: () => undefined } });
    const made = bench();
    for (const each of [broken, made]) {
      const proof = await provenBy(each, pay);
      await each.gate.evaluate(withProof(proof), observe);
      const verdict = await each.gate.evaluate(withProof(proof), observe);
      expect(verdict).toMatchObject({ kind: 'approved', approval: { by: 'observed' } });
    }
    expect(made.events).toContainEqual(
      expect.objectContaining({ type: 'would_refuse', code: 'step_up_consumed' }),
    );
  });

  it('approves as usual what would pass', async () => {
    const made = bench();
    expect(await made.gate.evaluate(requestOf(), observe)).toMatchObject({
      approval: { by: 'rules' },
    });
    const proof = await provenBy(made, pay);
    expect(await made.gate.evaluate(withProof(proof), observe)).toMatchObject({
      approval: { by: 'challenge' },
    });
    expect(made.told()).not.toContain('would_refuse');
  });

  it('hands over an invalid body as it came', async () => {
    const verdict = await bench().gate.evaluate(requestOf(), { ...observe, body: thrower });
    expect(verdict).toMatchObject({
      approval: { body: { amount: 100, payee: 'bob' }, subject: 'alice' },
    });
  });
});

describe('gate.require', () => {
  it('returns the approval, with the body that was validated', async () => {
    const approval = await bench().gate.require(requestOf(), {
      action: 'pay',
      body: () => ({ amount: 1 }),
    });
    expect(approval.body.amount).toBe(1);
    expect(approval).toMatchObject({ action: 'pay', by: 'rules', subject: 'alice' });
  });

  it('throws what the rim renders', async () => {
    const made = bench();
    const error: unknown = await made.gate
      .require(requestOf(), pay)
      .catch((thrown: unknown) => thrown);
    if (!isStepUpError(error)) {
      throw new Error('Expected a StepUpError');
    }
    const tracked = made.authsignal.calls.length;
    expect(tracked).toBe(2);
    const { problem } = error;
    expect(error).toMatchObject({
      code: 'step_up_required',
      status: 403,
      statusCode: 403,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
      },
    });
    expect(problem).toMatchObject({
      code: 'step_up_required',
      action: 'pay',
      challenge: { methods: ['WHATSAPP'] },
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual(problem);
    expect(error.message).toBe(problem?.detail);
  });

  it('throws the same for every refusal as evaluate returns', async () => {
    for (const state of ['BLOCK', 'REVIEW_REQUIRED', 'CHALLENGE_FAILED'] as const) {
      const made = bench();
      made.authsignal.outcome('pay', state);
      const verdict = await made.gate.evaluate(requestOf(), { action: 'pay' });
      const rendered = verdict.kind === 'approved' ? undefined : renderVerdict(verdict);
      const error: unknown = await made.gate
        .require(requestOf(), { action: 'pay' })
        .catch((thrown: unknown) => thrown);
      expect(isStepUpError(error) && error.toJSON()).toEqual(rendered?.body);
    }
  });

  it('throws a wrong policy as a mistake of the code', async () => {
    const thrown = await bench()
      .gate.require(requestOf(), { action: 'not an action' })
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'ERR_STEP_UP_ACTION', status: 500, problem: undefined });
  });

  it('takes a proof like every other form', async () => {
    const made = bench();
    const { challenge } = challengeIn(await made.gate.evaluate(requestOf(), pay));
    const proof = made.authsignal.complete(challenge.token);
    await expect(made.gate.require(withProof(proof), pay)).resolves.toMatchObject({
      by: 'challenge',
    });
    await expect(made.gate.require(withProof(proof), pay)).rejects.toMatchObject({ status: 409 });
  });
});

describe('redaction', () => {
  it('takes every given secret out, also where one begins or ends with another', () => {
    const secret = fc.stringMatching(/^[\w+/=-]{16,40}$/);
    const around = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        secret,
        secret,
        around,
        around,
        fc.boolean(),
        (one, tail, before, after, first) => {
          const longer = one + tail;
          const secrets = first ? [one, longer] : [longer, one];
          const text = describeError(new Error(`${before}${longer} ${one}${after}`), secrets);
          expect(text).not.toContain(one);
          expect(text).not.toContain(tail);
        },
      ),
    );
  });

  it('takes phone numbers out, however they are written', () => {
    const separator = fc.constantFrom(
      '',
      ' ',
      '-',
      '.',
      ' - ',
      ' (',
      ') ',
      '/',
      '\u00a0',
      '\u2011',
      '\u2013',
      ' \u2013 ',
      '  ',
    );
    const groups = fc.array(fc.tuple(fc.nat({ max: 9_999 }).map(String), separator), {
      minLength: 3,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom('', '+', 'tel:', 'tel:+', '('), groups, (prefix, parts) => {
        const number = parts
          .map(([group, after], at) => group + (at === parts.length - 1 ? '' : after))
          .join('');
        const count = number.replace(/\D/g, '').length;
        fc.pre(count >= 4);
        expect(maskNumbers(`sent to ${prefix}${number} today`)).not.toMatch(/\d/);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    '+64 21 123 4567',
    '+1 (415) 555-2671',
    '(021) 123 4567',
    '+49 (0)30 123456',
    '021/123/456',
    'tel:+1-415-555-2671',
    '021\u2013123\u2013456',
    '021 - 123 - 456',
    '+33 1 42 68 53 00',
    '123456',
    '123 456',
    '123-456',
    '1 2 3 4 5 6',
  ])('leaves no digit of %s', (number) => {
    expect(maskNumbers(`code or number ${number}.`)).not.toMatch(/\d/);
    expect(describeError(new Error(number), [])).not.toMatch(/\d/);
  });

  it('leaves words and small numbers', () => {
    for (const text of ['Error 404 at line 12', '/v1/payments/:id', 'no digits', 'a1b2c3d4']) {
      expect(maskNumbers(text)).toBe(text);
    }
  });

  it('hides the middle of an E.164 number and of nothing else', () => {
    expect(maskPhone('+64211230000')).toBe('+64••••0000');
    for (const text of [
      'alice',
      '64211230000',
      '+64 211230000',
      'user+64211230000',
      '+123456',
      '+1234567890123456',
    ]) {
      expect(maskPhone(text)).toBe(text);
    }
  });

  it('makes one short line of any error, and of anything else that is thrown', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.string({ unit: 'binary', maxLength: 400 }),
        (thrown, message) => {
          for (const text of [
            describeError(thrown, [SECRET]),
            describeError(new TypeError(message), [SECRET]),
          ]) {
            expect(text.length).toBeLessThanOrEqual(400);
            expect(text).not.toMatch(/[\r\n\u2028\u2029]/);
          }
        },
      ),
    );
    expect(describeError('a text', [])).toBe('string thrown');
    expect(describeError(undefined, [])).toBe('undefined thrown');
    expect(describeError(new RangeError('one\ntwo'), [])).toBe('RangeError: one two');
    const odd = Object.assign(new Error('x'), { message: Symbol('s'), name: Object.create(null) });
    expect(describeError(odd, [])).toBe('object thrown');
  });
});
