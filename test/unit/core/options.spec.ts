import { Authsignal } from '@authsignal/node';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HttpAuthsignal } from '../../../src/authsignal/http-authsignal.js';
import { systemClock } from '../../../src/core/clock.js';
import { isStepUpError } from '../../../src/core/errors.js';
import type { BodyReader, DtoClass } from '../../../src/core/policy.js';
import { type GateParts, resolveOptions } from '../../../src/core/resolve-options.js';
import { mergePolicies, resolvePolicy } from '../../../src/core/resolve-policy.js';
import { createStepUpGate } from '../../../src/create-step-up-gate.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import { FakeAuthsignal, TestClock } from '../../../src/testing/index.js';
import {
  bench,
  type Options,
  type Policy,
  provenBy,
  requestOf,
  SECRET,
  withProof,
} from './gate-bench.js';

const API_KEY = 'api-secret-key+/=';
const API_URL = 'https://au.api.authsignal.com/v1';

interface Made {
  readonly settings: Parameters<GateParts['connect']>[0][];
  readonly stores: number;
}

/** Resolves options that may be of any type, as untyped code can give them. */
function resolved(options: unknown) {
  const made = { settings: [] as Made['settings'], stores: 0 };
  const parts: GateParts = {
    resilient: (port) => port,
    connect: (settings) => {
      made.settings.push(settings);
      return new FakeAuthsignal();
    },
    memoryStore: (clock) => {
      made.stores += 1;
      return new MemoryReplayStore({ clock });
    },
    readerFor: () => (raw) => raw,
    log: (line) => {
      throw new Error(line);
    },
  };
  return { options: resolveOptions(options as Options, parts), made };
}

/** The code and message of the coded error that `run` must end in. */
function complaint(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (isStepUpError(error)) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error('Nothing was complained about.');
}

const good = { apiSecretKey: API_KEY, apiUrl: API_URL };

/** Each option wrong once: the option, a wrong value and the words that tell the fix. */
const WRONG_OPTIONS: readonly [string, unknown, RegExp][] = [
  ['apiSecretKey', '', /a text that is not empty/],
  ['apiSecretKey', 7, /a text that is not empty/],
  ['apiSecretKey', ' ', /a text that is not empty/],
  ['apiUrl', 'au', /https URL that ends in \/v1/],
  ['apiUrl', 7, /https URL that ends in \/v1/],
  ['replayStore', {}, /an object with burn\(\) and restore\(\)/],
  ['replayStore', null, /an object with burn\(\) and restore\(\)/],
  ['replayStore', { burn: () => true }, /an object with burn\(\) and restore\(\)/],
  ['session', 'sid', /a function/],
  ['telemetry', true, /an object with evaluation\(\) and call\(\) and occurred\(\)/],
  ['telemetry', { call: () => true }, /an object with evaluation\(\) and call\(\)/],
  ['secret', 'fifteen letters', /at least 16 characters/],
  ['secret', 1234567890123456, /at least 16 characters/],
  ['previousSecrets', 'one-of-sixteen-characters', /a list of texts of at least 16 characters/],
  ['previousSecrets', ['short'], /a list of texts of at least 16 characters/],
  ['audience', '', /a text that is not empty/],
  ['actions', [], /a list of Authsignal action codes/],
  ['actions', ['pay', ''], /a list of Authsignal action codes/],
  ['actions', 'pay', /a list of Authsignal action codes/],
  ['enrollmentUrl', '', /a text that is not empty/],
  ['timeoutMs', 0, /a whole number of milliseconds above 0/],
  ['timeoutMs', 1.5, /a whole number of milliseconds above 0/],
  ['timeoutMs', '3000', /a whole number of milliseconds above 0/],
  ['timeoutMs', Number.POSITIVE_INFINITY, /a whole number of milliseconds above 0/],
  ['sendTimeoutMs', -1, /a whole number of milliseconds above 0/],
  ['circuitBreaker', true, /false or an object/],
  ['circuitBreaker', 'off', /false or an object/],
  ['header', 'Step Up', /a header name/],
  ['header', '', /a header name/],
  ['header', 'a'.repeat(65), /a header name/],
  ['clock', Date, /an object with now\(\)/],
  ['clock', {}, /an object with now\(\)/],
  ['onEvent', {}, /a function/],
  ['subject', 'user.id', /a function/],
  ['attributes', {}, /a function/],
  ['methods', [], /a list of verification methods/],
  ['methods', 'WHATSAPP', /a list of verification methods/],
  ['requireChallenge', 'true', /true or false/],
  ['whenUnenrolled', 'ask', /'deny' or 'allow'/],
  ['whenUnavailable', true, /'deny' or 'allow'/],
  ['mode', 'monitor', /'enforce' or 'observe'/],
  ['skip', true, /a function/],
  ['returnProofOnFailure', 1, /true or false/],
  ['maxProofAgeMs', 0, /a whole number of milliseconds above 0/],
];

describe('a wrong option', () => {
  it.each(WRONG_OPTIONS)('`%s` of %p is named with what it must be', (name, value, fix) => {
    const { code, message } = complaint(() => resolved({ ...good, [name]: value }));
    expect(code).toBe('ERR_STEP_UP_OPTION');
    expect(message).toMatch(new RegExp(`^createStepUpGate: \`${name}\` must be `));
    expect(message).toMatch(fix);
  });

  it('is tried for every option there is', () => {
    const { message } = complaint(() => resolved({ ...good, aName: 1 }));
    const known = (/It knows: (.*)\.$/.exec(message)?.[1] ?? '').split(', ');
    expect(known.length).toBeGreaterThan(20);
    const tried = new Set([...WRONG_OPTIONS.map(([name]) => name), 'authsignal']);
    expect(new Set(known)).toEqual(tried);
  });

  it.each([
    [{ window: 0 }, '`window` must be a whole number from 1 to 10,000'],
    [{ window: 1.5 }, '`window` must be a whole number'],
    [{ minimumCalls: '5' }, '`minimumCalls` must be a whole number'],
    [{ failureRate: 1 }, '`failureRate` must be a number between 0 and 1'],
    [{ failureRate: 0 }, '`failureRate` must be a number between 0 and 1'],
    [{ openForMs: 0 }, '`openForMs` must be a whole number of milliseconds above 0'],
    [{ treshold: 1 }, 'has no `treshold`. It knows: window, failureRate, minimumCalls, openForMs'],
  ])('inside of `circuitBreaker`, %j, is named as well', (circuitBreaker, words) => {
    const { code, message } = complaint(() => resolved({ ...good, circuitBreaker }));
    expect(code).toBe('ERR_STEP_UP_OPTION');
    expect(message).toMatch(/^createStepUpGate: circuitBreaker/);
    expect(message).toContain(words);
  });

  it.each(['apiSecretkey', 'timeout', 'storage', '__proto__'])(
    'is one that nobody knows: %s',
    (name) => {
      const options: unknown = JSON.parse(JSON.stringify(good).replace('{', `{"${name}":{},`));
      const { code, message } = complaint(() => resolved(options));
      expect(code).toBe('ERR_STEP_UP_OPTION');
      expect(message).toContain(`createStepUpGate has no \`${name}\``);
    },
  );

  it.each<[string, unknown, RegExp]>([
    ['nothing', {}, /`apiSecretKey` is missing.*Portal/],
    ['no secret key', { apiUrl: API_URL }, /`apiSecretKey` is missing/],
    ['a port without key material', { authsignal: new FakeAuthsignal() }, /`secret` is needed/],
    [
      'both an instance and a key',
      { authsignal: new Authsignal(good), apiSecretKey: API_KEY },
      /either `authsignal` or `apiSecretKey`/,
    ],
    [
      'both a port and a URL',
      { authsignal: new FakeAuthsignal(), secret: SECRET, apiUrl: API_URL },
      /either `authsignal` or `apiSecretKey`/,
    ],
    [
      'half a port',
      { authsignal: { track: () => 1 }, secret: SECRET },
      /an instance of @authsignal\/node or an AuthsignalPort/,
    ],
    [
      'a text for a port',
      { authsignal: 'secret', secret: SECRET },
      /an instance of @authsignal\/node or an AuthsignalPort/,
    ],
    [
      'null for a port',
      { authsignal: null, secret: SECRET },
      /an instance of @authsignal\/node or an AuthsignalPort/,
    ],
    [
      'an instance without a URL',
      { authsignal: { apiSecretKey: API_KEY } },
      /no usable apiSecretKey and apiUrl/,
    ],
    [
      'an instance with an empty key',
      { authsignal: { ...good, apiSecretKey: '' } },
      /no usable apiSecretKey and apiUrl/,
    ],
    [
      'an instance on plain HTTP',
      { authsignal: { ...good, apiUrl: 'http://api.authsignal.com/v1' } },
      /no usable apiSecretKey and apiUrl/,
    ],
    ['no options', undefined, /options/],
    ['null', null, /options/],
    ['a text', 'api-secret', /options/],
  ])('is told for %s', (_name, options, words) => {
    const { code, message } = complaint(() => resolved(options));
    expect(code).toBe('ERR_STEP_UP_OPTION');
    expect(message).toMatch(words);
    expect(message).not.toContain(API_KEY);
  });

  it('is never answered with the value, which may be a secret', () => {
    for (const [name, value] of WRONG_OPTIONS) {
      const { message } = complaint(() => resolved({ ...good, [name]: value }));
      expect(message).not.toContain('fifteen letters');
      expect(message).not.toContain('1234567890123456');
      expect(message).not.toContain('one-of-sixteen');
    }
  });
});

describe('apiUrl', () => {
  it.each([
    'https://api.authsignal.com/v1',
    'https://au.api.authsignal.com/v1/',
    'https://proxy.bank.example:8443/authsignal/v1',
    'http://localhost:4400/v1',
    'http://127.0.0.1:4400/v1',
    'http://127.1.2.3/v1',
    'http://[::1]:4400/v1',
  ])('may be %s', (apiUrl) => {
    expect(resolved({ ...good, apiUrl }).made.settings).toMatchObject([{ apiUrl }]);
  });

  it.each([
    'https://api.authsignal.com',
    'https://api.authsignal.com/v2',
    'https://api.authsignal.com/v1/client',
    'https://api.authsignal.com/v11',
    'http://api.authsignal.com/v1',
    'ftp://127.0.0.1/v1',
    'http://10.0.0.1/v1',
    'http://localhost.evil.example/v1',
    'http://127.0.0.1.evil.example/v1',
    'http://0.0.0.0/v1',
    'https://user@api.authsignal.com/v1',
    'https://user:password@api.authsignal.com/v1',
    'https://:password@api.authsignal.com/v1',
    'https://api.authsignal.com/v1?region=au',
    'https://api.authsignal.com/v1#au',
    'ftp://api.authsignal.com/v1',
    'file:///v1',
    'api.authsignal.com/v1',
    '//api.authsignal.com/v1',
    '/v1',
    '',
  ])('may not be %j', (apiUrl) => {
    const { code, message } = complaint(() => resolved({ ...good, apiUrl }));
    expect(code).toBe('ERR_STEP_UP_OPTION');
    expect(message).toContain('`apiUrl`');
    expect(message).toContain('https://au.api.authsignal.com/v1');
  });
});

describe('resolved options', () => {
  it('have every default', () => {
    const { options, made } = resolved({ apiSecretKey: API_KEY });
    expect(made).toEqual({
      settings: [
        {
          apiSecretKey: API_KEY,
          apiUrl: 'https://api.authsignal.com/v1',
          timeoutMs: 3_000,
          sendTimeoutMs: 10_000,
        },
      ],
      stores: 1,
    });
    expect(options).toMatchObject({
      defaults: {},
      session: undefined,
      actions: undefined,
      enrollmentUrl: undefined,
      timeoutMs: 3_000,
      header: 'Step-Up-Proof',
      clock: systemClock,
      onEvent: undefined,
      secrets: [API_KEY, API_KEY],
    });
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(60_000);
  });

  it('are as given, and undefined counts as not given', () => {
    const clock = new TestClock();
    const replayStore = new MemoryReplayStore();
    const subject = () => 'alice';
    const given = {
      ...good,
      clock,
      replayStore,
      subject,
      secret: SECRET,
      previousSecrets: ['an-earlier-secret-of-ours'],
      actions: ['pay'],
      enrollmentUrl: '/security',
      timeoutMs: 1,
      sendTimeoutMs: 2,
      header: 'X-Proof',
      audience: undefined,
      onEvent: undefined,
      authsignal: undefined,
    };
    const { options, made } = resolved(given);
    expect(made).toEqual({ settings: [{ ...good, timeoutMs: 1, sendTimeoutMs: 2 }], stores: 0 });
    expect(options).toMatchObject({
      clock,
      replayStore,
      actions: ['pay'],
      enrollmentUrl: '/security',
      timeoutMs: 1,
      header: 'X-Proof',
      defaults: { subject },
      secrets: [SECRET, 'an-earlier-secret-of-ours', API_KEY],
    });
  });

  it('are frozen, and apart from the lists that they were made of', () => {
    const actions = ['pay'];
    const { options } = resolved({ ...good, actions });
    actions.push('later');
    expect(options.actions).toEqual(['pay']);
    for (const part of [options, options.defaults, options.actions, options.secrets]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('take the settings of an official instance, and a port as it is', () => {
    const { made } = resolved({ authsignal: new Authsignal(good) });
    expect(made.settings).toEqual([{ ...good, timeoutMs: 3_000, sendTimeoutMs: 10_000 }]);
    const port = new FakeAuthsignal();
    expect(resolved({ authsignal: port, secret: SECRET }).options.port).toBe(port);
    const own = new HttpAuthsignal(good);
    expect(resolved({ authsignal: own, secret: SECRET }).options.port).toBe(own);
  });
});

describe('createStepUpGate', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('says once that used proofs live in one process, unless the store was given', () => {
    const said = jest.spyOn(console, 'error').mockReturnValue(undefined);
    createStepUpGate(good);
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^\[authsignal-guard\] .*one process.*`replayStore`/)],
    ]);
    createStepUpGate({ ...good, replayStore: new MemoryReplayStore() });
    expect(said).toHaveBeenCalledTimes(1);
  });

  it('closes the connections of its port, and needs none to close', async () => {
    const closing = Object.assign(new FakeAuthsignal(), { close: jest.fn(async () => undefined) });
    await bench({ authsignal: closing }).gate.close();
    expect(closing.close).toHaveBeenCalledTimes(1);
    await expect(bench().gate.close()).resolves.toBeUndefined();
    await expect(
      createStepUpGate({ ...good, replayStore: new MemoryReplayStore() }).close(),
    ).resolves.toBeUndefined();
  });
});

describe('layers of policies', () => {
  const layers = (...given: Policy[]) =>
    mergePolicies(given as Parameters<typeof mergePolicies>[0]);

  it('go over each other field by field, the method over its class over the module', () => {
    const [one, two, three] = [() => 'one', () => 'two', () => 'three'];
    expect(
      layers(
        { subject: one, mode: 'observe', methods: ['SMS'], maxProofAgeMs: 1 },
        { subject: two, methods: ['PASSKEY', 'SMS'], requireChallenge: true },
        { action: 'pay', subject: three },
      ),
    ).toEqual({
      action: 'pay',
      subject: three,
      mode: 'observe',
      methods: ['PASSKEY', 'SMS'],
      maxProofAgeMs: 1,
      requireChallenge: true,
    });
  });

  it.each<[keyof Policy, unknown, unknown]>([
    ['methods', ['SMS'], ['PASSKEY']],
    ['requireChallenge', true, false],
    ['whenUnenrolled', 'allow', 'deny'],
    ['whenUnavailable', 'allow', 'deny'],
    ['mode', 'observe', 'enforce'],
    ['returnProofOnFailure', true, false],
    ['maxProofAgeMs', 1, 2],
    ['subject', () => 'a', () => 'b'],
    ['attributes', () => ({}), () => ({})],
    ['skip', () => true, () => false],
    ['action', 'one', 'two'],
    ['body', () => 1, () => 2],
    ['bind', () => 1, () => 2],
  ])('keep `%s` where a later layer says undefined, and only there', (name, earlier, later) => {
    expect(layers({ [name]: earlier }, { [name]: undefined })).toEqual({ [name]: earlier });
    expect(layers({ [name]: earlier }, {})).toEqual({ [name]: earlier });
    expect(layers({ [name]: earlier }, { [name]: later })).toEqual({ [name]: later });
    expect(layers({ [name]: undefined }, { [name]: undefined })).toEqual({});
  });

  it('resolve to the defaults where no layer speaks', () => {
    const policy = bench().gate.prepare({ action: 'pay', subject: undefined as never });
    expect(policy).toMatchObject({
      codes: ['pay'],
      select: undefined,
      readBody: undefined,
      bind: undefined,
      attributes: undefined,
      skip: undefined,
      methods: undefined,
      requireChallenge: false,
      whenUnenrolled: 'deny',
      whenUnavailable: 'deny',
      mode: 'enforce',
      returnProofOnFailure: false,
      maxProofAgeMs: 900_000,
    });
    expect(policy.subject).toBeInstanceOf(Function);
  });

  it('resolve once for one policy object, and are frozen', () => {
    const { gate } = bench({ methods: ['SMS'] });
    const policy: Policy = { action: { oneOf: ['pay', 'refund'], select: () => 'pay' } };
    const prepared = gate.prepare(policy);
    expect(gate.prepare(policy)).toBe(prepared);
    expect(gate.prepare({ ...policy })).not.toBe(prepared);
    for (const part of [prepared, prepared.codes, prepared.methods]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('a wrong policy', () => {
  const prepared = (policy: unknown, options: Partial<Options> = {}) =>
    bench(options).gate.prepare(policy as Policy);

  it.each<[string, unknown, RegExp]>([
    ['body', {}, /a function/],
    ['body', 'CreatePaymentDto', /a function/],
    ['bind', ['amount'], /a function/],
    ...WRONG_OPTIONS.filter(([name]) =>
      [
        'subject',
        'attributes',
        'methods',
        'requireChallenge',
        'whenUnenrolled',
        'whenUnavailable',
        'mode',
        'skip',
        'returnProofOnFailure',
        'maxProofAgeMs',
      ].includes(name),
    ),
  ])('`%s` of %p is named with what it must be', (name, value, fix) => {
    const { code, message } = complaint(() => prepared({ action: 'pay', [name]: value }));
    expect(code).toBe('ERR_STEP_UP_POLICY');
    expect(message).toMatch(new RegExp(`^The policy: \`${name}\` must be `));
    expect(message).toMatch(fix);
  });

  it.each(['bindTo', 'requiredChallenge', 'session', 'timeoutMs', 'idempotencyKey'])(
    '`%s` is one that nobody knows',
    (name) => {
      const { code, message } = complaint(() => prepared({ action: 'pay', [name]: true }));
      expect(code).toBe('ERR_STEP_UP_POLICY');
      expect(message).toMatch(
        new RegExp(`has no \`${name}\`. It knows: subject, .*action, body, bind`),
      );
    },
  );

  it.each<[string, unknown, RegExp]>([
    ['none', undefined, /An action is an Authsignal action code, or \{ oneOf/],
    ['null', null, /An action is an Authsignal action code/],
    ['an empty text', '', /"" is no action code/],
    ['a space', 'create payment', /"create payment" is no action code/],
    ['a path', '../admin', /is no action code/],
    ['65 characters', 'a'.repeat(65), /is no action code/],
    ['a number', 7, /"7" is no action code/],
    ['a function', () => 'pay', /is no action code/],
    ['a list', ['pay'], /An action is an Authsignal action code/],
    ['no codes', { oneOf: [], select: () => 'pay' }, /An action is an Authsignal action code/],
    [
      'codes that are no list',
      { oneOf: 'pay', select: () => 'pay' },
      /An action is an Authsignal action code/,
    ],
    ['a choice without a way to choose', { oneOf: ['pay'] }, /needs select/],
    [
      'a wrong code among right ones',
      { oneOf: ['pay', 'a b'], select: () => 'pay' },
      /"a b" is no action code/,
    ],
  ])('is an action that is %s', (_name, action, words) => {
    const { code, message } = complaint(() => prepared({ action }));
    expect(code).toBe('ERR_STEP_UP_ACTION');
    expect(message).toMatch(words);
  });

  it('is an action that the gate does not list', () => {
    const options = { actions: ['pay', 'refund'] };
    expect(prepared({ action: 'refund' }, options).codes).toEqual(['refund']);
    expect(
      prepared({ action: { oneOf: ['pay', 'refund'], select: () => 'pay' } }, options).codes,
    ).toEqual(['pay', 'refund']);
    for (const action of ['pays', { oneOf: ['pay', 'pays'], select: () => 'pay' }]) {
      const { code, message } = complaint(() => prepared({ action }, options));
      expect(code).toBe('ERR_STEP_UP_ACTION');
      expect(message).toMatch(/"pays" is not in the gate's `actions`. Add it there or correct it/);
    }
  });

  it.each([null, undefined, 'pay'])('is no object: %p', (policy) => {
    expect(complaint(() => prepared(policy)).code).toMatch(/^ERR_STEP_UP_(POLICY|ACTION)$/);
  });
});

describe('`body`', () => {
  class Dto {}
  const seen: DtoClass<unknown>[] = [];
  const reader: BodyReader<unknown> = () => 'read';
  const readerFor = (dto: DtoClass<unknown>) => {
    seen.push(dto);
    return reader;
  };
  const readBody = (body: unknown) =>
    resolvePolicy([{ action: 'pay', body: body as DtoClass<unknown> }], undefined, readerFor)
      .readBody;

  it('is read by its DTO reader if it is a class', () => {
    for (const dto of [Dto, class extends Dto {}, class {}]) {
      seen.length = 0;
      expect(readBody(dto)).toBe(reader);
      expect(seen).toEqual([dto]);
    }
  });

  it('is the reader itself if it is a function of any kind', () => {
    function declared(raw: unknown) {
      return raw;
    }
    const bound = declared.bind(undefined);
    const { method } = { method: (raw: unknown) => raw };
    for (const body of [declared, bound, method, async (raw: unknown) => raw]) {
      seen.length = 0;
      expect(readBody(body)).toBe(body);
      expect(seen).toEqual([]);
    }
  });
});

describe('the longest maxProofAgeMs', () => {
  const policy = { action: 'pay', requireChallenge: true } as const;

  it('may grow until the first proof is used up, and not after', async () => {
    const made = bench();
    made.gate.prepare({ ...policy, maxProofAgeMs: 1_000_000 });
    const proof = await provenBy(made, policy);
    made.gate.prepare({ ...policy, maxProofAgeMs: 2_000_000 });
    expect((await made.gate.evaluate(withProof(proof), policy)).kind).toBe('approved');
    made.gate.prepare({ ...policy, maxProofAgeMs: 2_000_000 });
    const { code, message } = complaint(() =>
      made.gate.prepare({ ...policy, maxProofAgeMs: 2_000_001 }),
    );
    expect(code).toBe('ERR_STEP_UP_POLICY');
    expect(message).toMatch(/`maxProofAgeMs` of 2000001 .* under 2000000\. Give the longest one/);
  });

  it('may be that of the gate at any time', async () => {
    const made = bench({ maxProofAgeMs: 2_000_000 });
    const brief = { ...policy, maxProofAgeMs: 60_000 };
    const proof = await provenBy(made, brief);
    expect((await made.gate.evaluate(withProof(proof), brief)).kind).toBe('approved');
    expect(made.gate.prepare(policy).maxProofAgeMs).toBe(2_000_000);
  });

  it('decides how long a used proof is remembered, counted from its issue', async () => {
    const ttls: number[] = [];
    const replayStore = {
      burn: (_key: string, _owner: string, ttlMs: number) => ttls.push(ttlMs) > 0,
      restore: () => undefined,
    };
    const made = bench({ replayStore, maxProofAgeMs: 1_000_000 });
    made.gate.prepare({ action: 'other', maxProofAgeMs: 3_000_000 });
    const proof = await provenBy(made, policy);
    made.clock.advance(400_000);
    await made.gate.evaluate(withProof(proof), policy);
    expect(ttls).toEqual([3_000_000 - 400_000 + 60_000]);
  });

  it('leaves the margin to a proof that was issued by a clock ahead', async () => {
    const ttls: number[] = [];
    const replayStore = {
      burn: (_key: string, _owner: string, ttlMs: number) => ttls.push(ttlMs) > 0,
      restore: () => undefined,
    };
    const made = bench({ replayStore });
    const proof = await provenBy(made, policy);
    made.clock.advance(-60_000);
    expect((await made.gate.evaluate(withProof(proof, requestOf()), policy)).kind).toBe('approved');
    expect(ttls).toEqual([900_000 + 60_000 + 60_000]);
  });
});
