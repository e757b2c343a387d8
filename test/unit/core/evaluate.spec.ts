import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TrackAttributes, TrackRequest } from '../../../src/core/authsignal-port.js';
import type { CallbackName } from '../../../src/core/events.js';
import { type HttpFacts, httpActionRequest } from '../../../src/core/http-action-request.js';
import {
  type Bench,
  bench,
  challengeIn,
  type Policy,
  provenBy,
  type Request,
  requestOf,
  SECRET,
  withProof,
} from './gate-bench.js';

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

const trackOf = ({ authsignal }: Bench): TrackRequest =>
  authsignal.calls.find(({ call }) => call === 'track')?.request as TrackRequest;

describe('the order of an evaluation', () => {
  const inOrder = (
    steps: string[],
    wait: () => unknown,
  ): { policy: Policy; options: Parameters<typeof bench>[0] } => {
    const step =
      <T>(name: string, value: T) =>
      async (): Promise<T> => {
        await wait();
        steps.push(name);
        return value;
      };
    return {
      options: { session: step('session', 'sid') },
      policy: {
        action: { oneOf: ['pay', 'refund'], select: step('select', 'pay') },
        skip: step('skip', false),
        subject: step('subject', 'alice'),
        body: step('body', { amount: 1 }),
        bind: step('bind', { amount: 1 }),
        attributes: step('attributes', {}),
      },
    };
  };

  it.each([
    ['synchronous callbacks', () => undefined],
    ['asynchronous callbacks', later],
  ])('is the same with %s, and asks Authsignal last', async (_name, wait) => {
    const steps: string[] = [];
    const { policy, options } = inOrder(steps, wait);
    const made = bench(options);
    const { authsignal } = made;
    const track = authsignal.track.bind(authsignal);
    authsignal.track = (request) => {
      steps.push('track');
      return track(request);
    };
    expect((await made.gate.evaluate(requestOf(), policy)).kind).toBe('approved');
    expect(steps).toEqual([
      'skip',
      'select',
      'subject',
      'session',
      'body',
      'bind',
      'attributes',
      'track',
    ]);
  });

  it('checks a proof before it collects what track is told', async () => {
    const steps: string[] = [];
    const { policy, options } = inOrder(steps, later);
    const made = bench({ ...options, requireChallenge: true });
    const proof = await provenBy(made, policy);
    steps.length = 0;
    expect((await made.gate.evaluate(withProof(proof), policy)).kind).toBe('approved');
    expect(steps).toEqual(['skip', 'select', 'subject', 'session', 'body', 'bind']);
    expect(made.calls()).toEqual(['track', 'updateAction', 'validateChallenge']);
  });

  it.each<[string, Partial<Policy>, Partial<Request>, string]>([
    ['`skip` threw', { skip: thrower }, {}, 'misconfigured'],
    ['`select` threw', { action: { oneOf: ['pay'], select: thrower } }, {}, 'misconfigured'],
    [
      '`select` chose a code of its own',
      { action: { oneOf: ['pay'], select: () => 'free' } },
      {},
      'misconfigured',
    ],
    ['nobody acts', { subject: () => undefined }, {}, 'unauthenticated'],
    ['the body is not valid', { body: thrower }, {}, 'invalid'],
    ['nothing read the body', {}, { bodyState: 'unread' }, 'misconfigured'],
    ['a bound field is missing', { bind: () => ({ amount: undefined as never }) }, {}, 'invalid'],
    ['`bind` returned an instance', { bind: () => new Map() as never }, {}, 'misconfigured'],
    [
      'the body is multipart',
      {},
      { headers: { 'content-type': ' Multipart/Form-Data; boundary=b' } },
      'misconfigured',
    ],
    ['`attributes` threw', { attributes: thrower }, {}, 'misconfigured'],
  ])(
    'asks Authsignal nothing, with a proof or without, when %s',
    async (_name, policy, request, kind) => {
      const made = bench({ requireChallenge: true });
      for (const headers of [{}, { 'step-up-proof': 'a.b.c' }]) {
        const sent = requestOf({ ...request, headers: { ...request.headers, ...headers } });
        expect((await made.gate.evaluate(sent, { action: 'pay', ...policy })).kind).toBe(kind);
      }
      const asked = made
        .calls()
        .filter((call) => call !== 'validateChallenge' || policy.attributes === undefined);
      expect(asked).toEqual([]);
      expect(made.told()).not.toContain('approved');
    },
  );
});

function thrower(): never {
  throw new Error(`broken by ${SECRET} for +64 21 123 4567, code 123456`);
}

describe('a callback that throws', () => {
  const callbacks: readonly [CallbackName, (run: () => never) => Policy, string][] = [
    ['skip', (skip) => ({ skip }), 'misconfigured'],
    ['select', (select) => ({ action: { oneOf: ['pay'], select } }), 'misconfigured'],
    ['subject', (subject) => ({ subject }), 'misconfigured'],
    ['session', () => ({}), 'misconfigured'],
    ['body', (body) => ({ body }), 'invalid'],
    ['bind', (bind) => ({ body: (raw) => raw, bind }), 'misconfigured'],
    ['bind', (bind) => ({ bind }), 'invalid'],
    ['attributes', (attributes) => ({ attributes }), 'misconfigured'],
  ];
  const ways: readonly [string, () => never][] = [
    ['an error', thrower],
    ['a rejection', (async () => thrower()) as unknown as () => never],
    [
      'a text',
      () => {
        throw `text with ${SECRET}`;
      },
    ],
    [
      'nothing',
      () => {
        throw undefined;
      },
    ],
  ];

  it.each(
    callbacks.flatMap(([name, policy, kind]) =>
      ways.map(([way, run]) => [name, way, policy, kind, run] as const),
    ),
  )(
    '`%s`, with %s, refuses, is reported and tells no secret',
    async (name, _way, policy, kind, run) => {
      const made = bench(name === 'session' ? { session: run } : {});
      const verdict = await made.gate.evaluate(requestOf(), { action: 'pay', ...policy(run) });
      expect(verdict.kind).toBe(kind);
      expect(made.calls()).toEqual([]);
      expect(made.events).toMatchObject([
        { type: 'callback_failed', callback: name },
        { type: 'refused', code: kind === 'invalid' ? 'request_invalid' : 'step_up_misconfigured' },
      ]);
      // What `body` throws without issues may be its own mistake, so it is told as well.
      expect(made.lines.length).toBe(kind === 'misconfigured' || name === 'body' ? 1 : 0);
      const words = JSON.stringify([made.events, made.lines]);
      expect(words).not.toContain(SECRET);
      expect(words).not.toMatch(/123.?4567|123456/);
    },
  );
});

describe('the subject', () => {
  const subjectOf = async (value: unknown) => {
    const made = bench({ subject: () => value as string });
    return { made, verdict: await made.gate.evaluate(requestOf(), { action: 'pay' }) };
  };

  it.each<[unknown, string]>([
    ['alice', 'alice'],
    ['../../admin?x=1#', '../../admin?x=1#'],
    [' alice ', ' alice '],
    [7, '7'],
    [0, '0'],
    [-1, '-1'],
    ['NULL', 'NULL'],
  ])('%p is %j', async (value, userId) => {
    const { made, verdict } = await subjectOf(value);
    expect(verdict).toMatchObject({ kind: 'approved', approval: { subject: userId } });
    expect(trackOf(made).userId).toBe(userId);
  });

  it.each([
    undefined,
    null,
    '',
    '  ',
    'undefined',
    'null',
    ' null\n',
    'NaN',
    '[object Object]',
    '[object Promise]',
    Number.NaN,
    1.5,
    2 ** 53,
    {},
    [],
    ['alice'],
    true,
    1n,
    Symbol('a'),
    () => 'alice',
  ])('%p is nobody, and one line tells the fix', async (value) => {
    const { made, verdict } = await subjectOf(value);
    expect(verdict).toEqual({ kind: 'unauthenticated' });
    expect(made.told()).toEqual(['subject_missing', 'refused']);
    expect(made.lines).toEqual([
      expect.stringMatching(/`subject` found nobody.*Run authentication before the gate/),
    ]);
    await made.gate.evaluate(requestOf(), { action: 'pay' });
    expect(made.lines).toHaveLength(1);
  });

  it('must be said by some layer', async () => {
    const made = bench({ subject: undefined as never });
    const evaluated = made.gate.evaluate(requestOf(), { action: 'pay' });
    await expect(evaluated).rejects.toMatchObject({
      code: 'ERR_STEP_UP_POLICY',
      message:
        'Nobody says who acts in pay: give `subject: ({ raw }) => ...` to the gate or to the policy.',
    });
  });

  it("of a policy goes over the gate's", async () => {
    const made = bench();
    await made.gate.evaluate(requestOf(), { action: 'pay', subject: () => 'bob' });
    expect(trackOf(made).userId).toBe('bob');
  });
});

describe('the session', () => {
  it.each([undefined, null, '', 'undefined', Number.NaN])(
    'that is %p refuses with 401',
    async (value) => {
      const made = bench({ session: () => value });
      expect(await made.gate.evaluate(requestOf(), { action: 'pay' })).toEqual({
        kind: 'unauthenticated',
      });
      expect(made.lines).toEqual([expect.stringMatching(/`session` found nobody/)]);
    },
  );

  it('is part of what a proof is for', async () => {
    let sid: string | number = 'one';
    const made = bench({ session: () => sid, requireChallenge: true });
    const proof = await provenBy(made, { action: 'pay' });
    sid = 'two';
    const verdict = await made.gate.evaluate(withProof(proof), { action: 'pay' });
    expect(challengeIn(verdict).reason).toBe('binding_mismatch');
    sid = 'one';
    expect((await made.gate.evaluate(withProof(proof), { action: 'pay' })).kind).toBe('approved');
  });
});

describe('the action', () => {
  it('is chosen among those that the policy names', async () => {
    const made = bench();
    const policy: Policy = {
      action: {
        oneOf: ['pay', 'payMuch'],
        select: ({ query }) => (query.much === '1' ? 'payMuch' : 'pay'),
      },
    };
    await made.gate.evaluate(requestOf({ query: { much: '1' } }), policy);
    expect(trackOf(made).action).toBe('payMuch');
  });
});

describe('`skip`', () => {
  it('lets through without asking anybody, and says so', async () => {
    const made = bench({ subject: thrower });
    const verdict = await made.gate.evaluate(requestOf(), {
      action: { oneOf: ['a', 'b'], select: thrower },
      skip: () => true,
    });
    expect(verdict).toEqual({
      kind: 'approved',
      approval: {
        action: 'a',
        subject: null,
        by: 'skipped',
        body: { amount: 100, payee: 'bob' },
        bound: undefined,
      },
    });
    expect(made.calls()).toEqual([]);
    expect(made.events).toMatchObject([{ type: 'approved', by: 'skipped' }]);
  });

  it.each([false, undefined, null, 0, 1, 'true', {}])(
    'that answers %p lets nobody through',
    async (value) => {
      const made = bench({ requireChallenge: true });
      const verdict = await made.gate.evaluate(requestOf(), {
        action: 'pay',
        skip: () => value as boolean,
      });
      expect(verdict.kind).toBe('challenge');
    },
  );

  it('still hands over the body that the policy validates, and no other', async () => {
    const made = bench();
    const policy: Policy = { action: 'pay', skip: () => true, body: (raw) => ({ validated: raw }) };
    expect(await made.gate.evaluate(requestOf(), policy)).toMatchObject({
      approval: { by: 'skipped', body: { validated: { amount: 100, payee: 'bob' } } },
    });
    expect((await made.gate.evaluate(requestOf(), { ...policy, body: thrower })).kind).toBe(
      'invalid',
    );
  });
});

describe('the body', () => {
  it('that is validated is a private copy', async () => {
    const body = { items: [{ amount: 1 }] };
    const made = bench();
    const policy: Policy = {
      action: 'pay',
      body: (raw) => {
        const copy = raw as typeof body;
        copy.items.push({ amount: 2 });
        return copy;
      },
      bind: (request) => ({ count: (request.body as typeof body).items.length }),
      attributes: (request) => ({ custom: { count: (request.body as typeof body).items.length } }),
    };
    const verdict = await made.gate.evaluate(requestOf({ body }), policy);
    expect(verdict).toMatchObject({
      approval: { body: { items: [{ amount: 1 }, { amount: 2 }] }, bound: { count: 2 } },
    });
    expect(trackOf(made).attributes.custom).toEqual({ count: 2 });
    expect(body).toEqual({ items: [{ amount: 1 }] });
  });

  it('that is bound is apart from what the handler may change', async () => {
    const picked = { items: [1] };
    const made = bench();
    const verdict = await made.gate.evaluate(requestOf(), { action: 'pay', bind: () => picked });
    picked.items.push(2);
    expect(verdict).toMatchObject({ approval: { bound: { items: [1] } } });
  });

  it.each<[string, unknown, unknown]>([
    [
      'issues as Standard Schema has them',
      { issues: [{ message: 'too low', path: ['items', 0, 'a/b'] }] },
      [{ pointer: '#/items/0/a~1b', detail: 'too low' }],
    ],
    [
      'segments that are objects',
      { issues: [{ message: 'too low', path: [{ key: 'items' }, { key: 0 }] }] },
      [{ pointer: '#/items/0', detail: 'too low' }],
    ],
    [
      'a segment without a name',
      { issues: [{ message: 'odd', path: [Object.create(null), Symbol('s')] }] },
      [{ pointer: '#/?/Symbol(s)', detail: 'odd' }],
    ],
    [
      'an issue without a path',
      { issues: [{ message: 'no object' }] },
      [{ pointer: '#', detail: 'no object' }],
    ],
    [
      'an issue without a message',
      { issues: [{ path: ['a'] }] },
      [{ pointer: '#/a', detail: 'is not valid' }],
    ],
    [
      'issues of which one is none',
      { issues: [null, 'x', { message: 'm', path: 'a' }] },
      [{ pointer: '#', detail: 'm' }],
    ],
    ['no issues', { issues: 'many' }, []],
    ['an empty list', { issues: [] }, []],
    ['no object', 'invalid', []],
    ['null', null, []],
  ])('is refused with what the reader says: %s', async (_name, thrown, errors) => {
    const made = bench();
    const body = () => {
      throw thrown;
    };
    const decoded = (value: unknown) => JSON.parse(decodeURIComponent(JSON.stringify(value)));
    const verdict = await made.gate.evaluate(requestOf(), { action: 'pay', body });
    expect(decoded(verdict)).toEqual({ kind: 'invalid', errors });
    const failed = made.events.filter(({ type }) => type === 'callback_failed');
    expect(failed).toHaveLength(Array.isArray(errors) && errors.length === 0 ? 1 : 0);
    expect(made.lines).toHaveLength(failed.length);
  });

  it('that cannot be copied is not valid', async () => {
    const verdict = await bench().gate.evaluate(requestOf({ body: { run: () => 1 } }), {
      action: 'pay',
      body: (raw) => raw,
    });
    expect(verdict).toEqual({ kind: 'invalid', errors: [] });
  });

  it('that nothing has read refuses with a line that tells the fix', async () => {
    const made = bench();
    expect(
      await made.gate.evaluate(requestOf({ bodyState: 'unread' }), {
        action: 'pay',
        bind: () => 1,
      }),
    ).toEqual({ kind: 'misconfigured' });
    expect(made.told()).toEqual(['body_unread', 'refused']);
    expect(made.lines).toEqual([
      expect.stringMatching(/Put the body parser for its content type before the gate/),
    ]);
  });
});

describe('what a proof is bound to', () => {
  const bound = async (policy: Policy, issued: Partial<Request>, sent: Partial<Request>) => {
    const made = bench({ requireChallenge: true });
    const proof = await provenBy(made, policy, requestOf(issued));
    const verdict = await made.gate.evaluate(withProof(proof, sent), policy);
    return verdict.kind === 'challenge' ? verdict.reason : verdict.kind;
  };
  const raw: Policy = { action: 'pay' };
  const picking: Policy = {
    action: 'pay',
    bind: ({ body }) => ({ amount: (body as { amount: number }).amount }),
  };

  it.each<[string, Partial<Request>, Partial<Request>]>([
    ['a value of the body', {}, { body: { amount: 101, payee: 'bob' } }],
    ['a field more in the body', {}, { body: { amount: 100, payee: 'bob', admin: true } }],
    ['no body', {}, { body: undefined, bodyState: 'absent' }],
    ['the query', { query: { page: '1' } }, { query: { page: '2' } }],
    ['a route parameter', { params: { id: '1' } }, { params: { id: '2' } }],
    ['the route', {}, { route: '/refunds' }],
    ['the method', {}, { method: 'PUT' }],
    ['text', { body: 'text' }, { body: 'texts' }],
    ['bytes', { body: Buffer.from([1]) }, { body: Buffer.from([2]) }],
    [
      'its hash in place of the text',
      { body: 'text' },
      { body: createHash('sha256').update('text').digest('base64url') },
    ],
    ['the user', {}, { raw: { user: 'mallory' } }],
  ])('is, by default, %s', async (_name, issued, sent) => {
    expect(await bound(raw, issued, { ...issued, ...sent })).toMatch(
      /^(binding_mismatch|proof_invalid)$/,
    );
    expect(await bound(raw, issued, issued)).toBe('approved');
  });

  it('is what `bind` picks, and nothing else of query and body', async () => {
    expect(await bound(picking, {}, { body: { amount: 101, payee: 'bob' } })).toBe(
      'binding_mismatch',
    );
    expect(
      await bound(picking, {}, { body: { amount: 100, payee: 'eve' }, query: { a: '1' } }),
    ).toBe('approved');
    expect(await bound(picking, {}, { params: { id: '1' } })).toBe('binding_mismatch');
  });

  it('may be text and bytes of the same content', async () => {
    expect(await bound(raw, { body: 'text' }, { body: Buffer.from('text') })).toBe('approved');
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, '#'],
    ['a missing field', { amount: undefined }, '#/amount'],
    ['a fraction', { amount: 0.1 }, '#/amount'],
    ['an unsafe integer', { amount: 2 ** 53 }, '#/amount'],
    ['NaN', { amount: Number.NaN }, '#/amount'],
  ])('is never %s: that is 400', async (_name, value, pointer) => {
    const verdict = await bench().gate.evaluate(requestOf(), {
      action: 'pay',
      bind: () => value as never,
    });
    expect(verdict).toMatchObject({ kind: 'invalid', errors: [{ pointer }] });
  });

  it.each<[string, () => unknown]>([
    ['a Map', () => ({ deep: new Map() })],
    ['a Date', () => new Date(0)],
    ['a function', () => () => 1],
    ['a bigint', () => 1n],
    ['a proxy, which cannot be copied', () => new Proxy({ amount: 1 }, {})],
  ])('is never %s: that is a mistake in the code', async (_name, value) => {
    const made = bench();
    const verdict = await made.gate.evaluate(requestOf(), { action: 'pay', bind: value as never });
    expect(verdict).toEqual({ kind: 'misconfigured' });
    expect(made.lines).toEqual([expect.stringMatching(/`bind`/)]);
  });

  it('is refused where a query or a body holds what JSON cannot', async () => {
    const { gate } = bench();
    expect((await gate.evaluate(requestOf({ query: { a: undefined } }), raw)).kind).toBe('invalid');
    expect((await gate.evaluate(requestOf({ body: { at: new Date(0) } }), raw)).kind).toBe(
      'misconfigured',
    );
    expect(
      (await gate.evaluate(requestOf({ body: { a: Number.POSITIVE_INFINITY } }), raw)).kind,
    ).toBe('invalid');
    expect((await gate.evaluate(requestOf({ body: { a: 0.5 } }), raw)).kind).toBe('approved');
  });

  it('may be a multipart request of which `bind` picks fields', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect((await bench().gate.evaluate(requestOf({ headers }), picking)).kind).toBe('approved');
    expect((await bench().gate.evaluate(requestOf({ headers }), raw)).kind).toBe('misconfigured');
    const odd = { 'content-type': ['multipart/form-data'] };
    expect((await bench().gate.evaluate(requestOf({ headers: odd }), raw)).kind).toBe('approved');
  });
});

describe('what track is told', () => {
  const told = async (attributes: Policy['attributes'], request: Partial<Request> = {}) => {
    const made = bench();
    const policy: Policy =
      attributes === undefined ? { action: 'pay' } : { action: 'pay', attributes };
    const verdict = await made.gate.evaluate(requestOf(request), policy);
    return {
      made,
      verdict,
      attributes: verdict.kind === 'approved' ? trackOf(made).attributes : undefined,
    };
  };

  it('are the facts of the request', async () => {
    const headers = { 'user-agent': 'Browser/1', cookie: 'a=b; __as_aid=device-1_x; c=d' };
    expect((await told(undefined, { headers })).attributes).toEqual({
      ipAddress: '192.0.2.1',
      userAgent: 'Browser/1',
      deviceId: 'device-1_x',
    });
    expect((await told(undefined, { ip: undefined })).attributes).toEqual({});
  });

  it('are what the policy says, over the facts; undefined leaves a fact', async () => {
    const all: Required<TrackAttributes> = {
      redirectUrl: 'https://app.example',
      ipAddress: '198.51.100.7',
      userAgent: 'App/1',
      deviceId: 'device',
      email: 'a@example.com',
      phoneNumber: '+64211234567',
      username: 'alice',
      locale: 'en',
      custom: { text: 'a', amount: 0.5, flag: true },
    };
    expect((await told(() => all)).attributes).toEqual(all);
    expect(
      (await told(() => JSON.parse('{}', () => ({ ipAddress: undefined, locale: 'mi' }))))
        .attributes,
    ).toEqual({ ipAddress: '192.0.2.1', locale: 'mi' });
  });

  it.each<[string, unknown, RegExp]>([
    ['idempotencyKey', { idempotencyKey: 'k' }, /`idempotencyKey`, which is none of/],
    ['scope', { scope: 'add:authenticators' }, /`scope`, which is none of/],
    ['userId', { userId: 'mallory' }, /`userId`, which is none of/],
    [
      '__proto__',
      JSON.parse('{"__proto__":{"scope":"add:authenticators"}}'),
      /`__proto__`, which is none of/,
    ],
    ['a number for a text', { email: 7 }, /`email` of the wrong type/],
    ['null for a text', { phoneNumber: null }, /`phoneNumber` of the wrong type/],
    ['a text for custom', { custom: 'a' }, /`custom` of the wrong type/],
    ['an object in custom', { custom: { a: {} } }, /`custom` of the wrong type/],
    ['NaN in custom', { custom: { a: Number.NaN } }, /`custom` of the wrong type/],
    ['an instance', new Map(), /no plain object/],
    ['nothing', undefined, /no plain object/],
    ['a list', [], /no plain object/],
  ])('is never %s', async (_name, value, words) => {
    const { made, verdict } = await told(() => value as TrackAttributes);
    expect(verdict).toEqual({ kind: 'misconfigured' });
    expect(made.calls()).toEqual([]);
    expect(made.lines).toEqual([expect.stringMatching(words)]);
  });

  it('survives whatever a client puts into its headers', async () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.string()),
      fc.constant(undefined),
      fc.string().map((text) => `__as_aid=${text}`),
    );
    await fc.assert(
      fc.asyncProperty(header, header, async (userAgent, cookie) => {
        const { verdict, attributes } = await told(undefined, {
          headers: { 'user-agent': userAgent, cookie },
        });
        expect(verdict.kind).toBe('approved');
        expect((attributes?.userAgent ?? '').length).toBeLessThanOrEqual(1_024);
        expect(attributes?.deviceId ?? 'none').toMatch(/^[\w-]{1,128}$/);
      }),
    );
    const long = await told(undefined, {
      headers: { 'user-agent': 'a'.repeat(100_000), cookie: `__as_aid=${'a'.repeat(129)}` },
    });
    expect(long.attributes).toEqual({ ipAddress: '192.0.2.1', userAgent: 'a'.repeat(1_024) });
    for (const cookie of [
      '__as_aid=%E0%A4%A',
      '__as_aid="quoted value"',
      '__as_aid',
      '__as_aid=',
      'x__as_aid=device',
    ]) {
      expect((await told(undefined, { headers: { cookie } })).attributes).toEqual({
        ipAddress: '192.0.2.1',
      });
    }
  });
});

describe('httpActionRequest', () => {
  const facts: HttpFacts<string> = {
    method: 'post',
    url: '/payments/7?a=1?b',
    pattern: '/payments/:id',
    params: { id: '7' },
    query: { a: '1?b' },
    headers: { 'content-length': '2' },
    body: { a: 1 },
    ip: '192.0.2.1',
    message: { readableDidRead: true },
    raw: 'raw',
  };

  it('takes over what a framework knows', () => {
    expect(httpActionRequest(facts)).toEqual({
      transport: 'http',
      method: 'POST',
      path: '/payments/7',
      route: '/payments/:id',
      params: { id: '7' },
      query: { a: '1?b' },
      headers: { 'content-length': '2' },
      body: { a: 1 },
      bodyState: 'read',
      ip: '192.0.2.1',
      raw: 'raw',
    });
    expect(httpActionRequest({ ...facts, method: 'head' }).method).toBe('GET');
    expect(httpActionRequest({ ...facts, method: 'OPTIONS' }).method).toBe('OPTIONS');
    expect(httpActionRequest({ ...facts, params: null, query: 'a=1' })).toMatchObject({
      params: {},
      query: {},
    });
  });

  it.each(['/payments/:id', '/files/*path', '/', '/payments{/:id}', '/payments/:id(\\d+)'])(
    'names the route by the pattern %s, and the path beside it',
    (pattern) => {
      const request = httpActionRequest({ ...facts, pattern });
      expect(request).toMatchObject({ route: pattern, path: '/payments/7' });
    },
  );

  it.each([undefined, /^\/payments/, ['/a', '/b'], ''])(
    'has no route where the pattern is %p, and the path all the same',
    (pattern) => {
      const request = httpActionRequest({ ...facts, pattern });
      expect(request).toMatchObject({ route: '', path: '/payments/7' });
    },
  );

  it.each<[string, Partial<HttpFacts<string>>, unknown, string]>([
    ['a length', { headers: { 'content-length': '2' } }, { a: 1 }, 'read'],
    ['chunks', { headers: { 'transfer-encoding': 'chunked' } }, { a: 1 }, 'read'],
    ['a length, and no parser', { headers: { 'content-length': '2' } }, undefined, 'unread'],
    ['chunks, and no parser', { headers: { 'transfer-encoding': 'chunked' } }, undefined, 'unread'],
    ['a length of nothing', { headers: { 'content-length': '0' } }, {}, 'absent'],
    ['a length that is none', { headers: { 'content-length': 'x' } }, {}, 'absent'],
    ['nothing', { headers: {} }, {}, 'absent'],
    [
      'a type that its parsers do not know, and read to another place',
      { headers: { 'content-length': '2', 'content-type': 'text/csv' } },
      {},
      'unread',
    ],
    [
      'JSON, and empty',
      { headers: { 'content-length': '2', 'content-type': 'application/problem+json' } },
      {},
      'read',
    ],
  ])('tells whether a body that is declared by %s was read', (_name, changes, body, bodyState) => {
    expect(httpActionRequest({ ...facts, ...changes, body: body }).bodyState).toBe(bodyState);
  });

  it('tells what Express 4 leaves of a body that no parser took', () => {
    const request = httpActionRequest({
      ...facts,
      body: {},
      message: { readableDidRead: false },
    });
    expect(request.bodyState).toBe('unread');
  });

  it('knows a body of HTTP/2 by its stream', () => {
    const over = (stream: unknown) =>
      httpActionRequest({
        ...facts,
        headers: {},
        body: undefined,
        message: { stream },
      }).bodyState;
    expect(over({ endAfterHeaders: false })).toBe('unread');
    expect(over({ endAfterHeaders: true })).toBe('absent');
    expect(over(null)).toBe('absent');
    expect(over('stream')).toBe('absent');
  });

  it('has no body where none was sent, whatever the framework puts there', () => {
    const none = { ...facts, headers: {} };
    expect(httpActionRequest({ ...none, body: {} }).body).toBeUndefined();
    expect(httpActionRequest({ ...none, body: undefined }).body).toBeUndefined();
    expect(httpActionRequest({ ...none, body: { a: 1 } }).body).toEqual({ a: 1 });
    expect(httpActionRequest({ ...facts, body: {} }).body).toEqual({});
  });
});
