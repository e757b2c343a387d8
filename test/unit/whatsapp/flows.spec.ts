import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthenticatorAnswer } from '../../../src/core/authsignal-port.js';
import type { CallFailure, CallFailureKind } from '../../../src/core/call-result.js';
import type { ReplayStore } from '../../../src/core/replay-store.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import { TestClock } from '../../../src/testing/index.js';
import type { WhatsAppOptions } from '../../../src/whatsapp/options.js';
import { type FlowRouteName, whatsAppFlows } from '../../../src/whatsapp/whatsapp-flows.js';
import { FlakyStore } from '../../e2e/whatsapp/scenarios/flaky-store.js';
import {
  type Bench,
  bench,
  type Options,
  type Raw,
  type Request,
  requestOf,
} from '../core/gate-bench.js';

const PHONE = '+64211234567';
const MASKED = '+64••••4567';
const CODE = '123456';

/** A store that notes what is used up, and fails as it is told. */
class NotingStore implements ReplayStore {
  readonly burned: { readonly key: string; readonly ttlMs: number }[] = [];
  broken: 'no' | 'burn' | 'restore' = 'no';
  readonly taken = new Set<string>();
  readonly #memory: MemoryReplayStore;

  constructor(clock: TestClock) {
    this.#memory = new MemoryReplayStore({ clock });
  }

  burn(key: string, owner: string, ttlMs: number): boolean {
    if (this.broken === 'burn') {
      throw new Error('the store is down');
    }
    this.burned.push({ key, ttlMs });
    const isTaken = [...this.taken].some((start) => key.startsWith(start));
    return !isTaken && this.#memory.burn(key, owner, ttlMs);
  }

  restore(key: string, owner: string): void {
    if (this.broken === 'restore') {
      throw new Error('the store is down');
    }
    this.#memory.restore(key, owner);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly json: Readonly<Record<string, unknown>>;
}

interface World extends Bench {
  readonly store: NotingStore;
  ask(route: FlowRouteName, body: unknown, changes?: Partial<Request>): Promise<Answer>;
  /** What was told of this kind, without what every event has. */
  toldOf(type: string): object[];
  handleOf(route: FlowRouteName): Promise<string>;
  /** The same application, with other flows. */
  with(given: Partial<WhatsAppOptions<Raw>>): World;
}

const SIGN_IN = {
  signIn: {
    findOrCreateUser: () => 'alice',
    signedIn: ({ userId, setHeader }) => {
      setHeader('X-Welcome', 'hello');
      return { userId };
    },
  },
} satisfies Partial<WhatsAppOptions<Raw>>;
const ALL: Partial<WhatsAppOptions<Raw>> = {
  ...SIGN_IN,
  enrollment: {},
  phoneNumber: {},
  verifiedNumber: { resolve: () => ({ phoneNumber: PHONE }) },
};

function worldOf(given: Partial<WhatsAppOptions<Raw>> = ALL, gate: Partial<Options> = {}): World {
  const clock = new TestClock();
  const store = new NotingStore(clock);
  return furnished({ ...bench({ clock, replayStore: store, ...gate }), clock }, store, given);
}

function furnished(made: Bench, store: NotingStore, given: Partial<WhatsAppOptions<Raw>>): World {
  const flows = whatsAppFlows(made.gate, {
    countries: 'any',
    limits: { waitsMs: false },
    ...given,
  });
  const ask: World['ask'] = async (route, body, changes = {}) => {
    const handler = flows.get(route);
    if (handler === undefined) {
      throw new Error(`No flow of ${route}`);
    }
    const { status, headers, text } = await handler(requestOf({ body, ...changes }));
    return { status, headers, json: JSON.parse(text) };
  };
  return {
    ...made,
    store,
    ask,
    with: (other) => furnished(made, store, other),
    toldOf: (type) => made.events.filter((event) => event.type === type),
    handleOf: async (route) => {
      const { json } = await ask(route, { phoneNumber: PHONE });
      if (typeof json.handle !== 'string') {
        throw new Error(`Expected a handle, got ${JSON.stringify(json)}`);
      }
      return json.handle;
    },
  };
}

/** Makes one call of the fake fail with more than a kind. */
function failing(world: World, call: 'challenge' | 'verify', failure: Omit<CallFailure, 'call'>) {
  world.authsignal[call] = async () => ({ ok: false, failure: { ...failure, call } });
}

const has = (phoneNumber: string | undefined): AuthenticatorAnswer[] => [
  {
    userAuthenticatorId: 'one',
    verificationMethod: 'WHATSAPP',
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
  },
];

/** What `getAuthenticators` answers, one after the other; the last one from then on. */
function authenticators(world: World, ...answers: readonly (AuthenticatorAnswer[] | 'fails')[]) {
  let asked = 0;
  world.authsignal.getAuthenticators = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    return answer === 'fails'
      ? { ok: false, failure: { kind: 'timed_out', call: 'getAuthenticators' } }
      : { ok: true, value: answer };
  };
}

let world: World;
beforeEach(() => {
  world = worldOf();
});

describe('the body of a flow', () => {
  const NO_JSON = {
    code: 'request_invalid',
    errors: [{ pointer: '#', detail: 'must be application/json' }],
  };
  const typed = (type: string) => ({ headers: { 'content-type': type } });

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'text/x-application/json',
    'application/jsonx',
    'application/ +json',
    'application/+json',
  ])('may not be %s', async (type) => {
    const signIn = await world.ask('startSignIn', { phoneNumber: PHONE }, typed(type));
    expect(signIn).toMatchObject({ status: 400, json: NO_JSON });
    const verified = await world.ask('enrollVerifiedNumber', {}, typed(type));
    expect(verified).toMatchObject({ status: 400, json: NO_JSON });
    expect(world.calls()).toEqual([]);
  });

  it.each(['application/json', 'APPLICATION/JSON; charset=utf-8', 'application/vnd.api+json'])(
    'may be %s',
    async (type) => {
      const { status } = await world.ask('startSignIn', { phoneNumber: PHONE }, typed(type));
      expect(status).toBe(200);
    },
  );

  it('may not be one that no parser has read, where no field is needed', async () => {
    const unread = await world.ask('enrollVerifiedNumber', undefined, { bodyState: 'unread' });
    expect(unread).toMatchObject({ status: 400, json: NO_JSON });
    expect(world.calls()).toEqual([]);
  });

  it.each([null, undefined, 'text', [PHONE]])('of %p has no fields', async (body) => {
    const { json } = await world.ask('startSignIn', body);
    expect(json).toMatchObject({ code: 'request_invalid', errors: [{ pointer: '#/phoneNumber' }] });
  });

  it('has no fields of its prototype', async () => {
    const { status } = await world.ask('startSignIn', Object.create({ phoneNumber: PHONE }));
    expect(status).toBe(400);
  });
});

describe('a code that cannot be checked', () => {
  const verify = async (limited: World, handle: string) =>
    limited.ask('verifySignIn', { handle, code: CODE });

  it.each<[CallFailureKind, number, boolean]>([
    ['timed_out', 503, true],
    ['server_error', 503, true],
    ['circuit_open', 503, true],
    ['rate_limited', 503, true],
    ['wrong_shape', 503, false],
    ['unexpected_status', 500, false],
    ['unauthorized', 500, false],
    ['rejected', 400, false],
  ])('for %s is answered with %i, and counts no attempt: %p', async (kind, status, isGivenBack) => {
    const limited = worldOf({ ...SIGN_IN, limits: { waitsMs: false, codesPerFlow: 1 } });
    const handle = await limited.handleOf('startSignIn');
    limited.authsignal.fail('verify', kind);
    expect((await verify(limited, handle)).status).toBe(status);
    expect(limited.toldOf('authsignal_failed')).toMatchObject([{ failure: { kind } }]);
    limited.authsignal.fail('verify');
    expect((await verify(limited, handle)).status).toBe(isGivenBack ? 200 : 429);
  });

  it('since Authsignal does not know the challenge is a handle that cannot be read', async () => {
    const handle = await world.handleOf('startSignIn');
    world.authsignal.fail('verify', 'rejected');
    expect((await verify(world, handle)).json).toMatchObject({ code: 'handle_invalid' });
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'unreadable' }]);
  });

  it('since the setting is wrong is told to whoever runs it, and to nobody else', async () => {
    const handle = await world.handleOf('startSignIn');
    failing(world, 'verify', { kind: 'unexpected_status', status: 302, errorCode: 'moved' });
    expect((await verify(world, handle)).json).toMatchObject({ code: 'step_up_misconfigured' });
    expect(world.lines.join('\n')).toContain(
      'WhatsApp flow "sign_in" (POST /payments): Authsignal answered verify with 302 moved. ' +
        'Check the API secret, the region of apiUrl, and that WhatsApp is on',
    );
  });

  it('is told by its kind where there is no status', async () => {
    const handle = await world.handleOf('startSignIn');
    failing(world, 'verify', { kind: 'unauthorized' });
    await verify(world, handle);
    expect(world.lines.join('\n')).toContain('answered verify with unauthorized . Check');
  });

  it('for a number that was not asked for counts as none', async () => {
    const handle = await world.handleOf('startSignIn');
    world.authsignal.verify = async () => ({
      ok: true,
      value: { isVerified: true, phoneNumber: '+64210000000' },
    });
    expect((await verify(world, handle)).status).toBe(503);
    const detail = 'the number that was verified is not the one that the code was sent to';
    expect(world.toldOf('unexpected_answer')).toMatchObject([{ call: 'verify', detail }]);
    expect(world.lines.join('\n')).toContain(`Authsignal's answer to verify: ${detail}.`);
  });
});

describe('the life of a code', () => {
  it.each([
    ['as Authsignal says', 300, 300],
    ['ten minutes where it does not say', undefined, 600],
    ['an hour at most', 100_000, 3_600],
    ['over where it is', -5, 0],
  ])('is %s', async (_name, told, seconds) => {
    const now = world.clock.now();
    world.authsignal.challenge = async () => ({
      ok: true,
      value: {
        challengeId: 'one',
        ...(told === undefined ? {} : { expiresAt: now / 1000 + told }),
      },
    });
    const { json } = await world.ask('startSignIn', { phoneNumber: PHONE });
    expect(json.expiresAt).toBe(new Date(now + seconds * 1000).toISOString());
  });
});

describe('a code too many', () => {
  it('is none that was too many while the store cannot tell whether another one was right', async () => {
    const limitStore = new FlakyStore();
    const few = world.with({ ...SIGN_IN, limits: { codesPerFlow: 1, codes: false }, limitStore });
    const handle = await few.handleOf('startSignIn');
    await few.ask('verifySignIn', { handle, code: '000000' });
    limitStore.commandsLeft = 1;
    const { status, json } = await few.ask('verifySignIn', { handle, code: CODE });
    expect({ status, code: json.code }).toEqual({ status: 503, code: 'step_up_unavailable' });
  });
});

describe('a right code', () => {
  it('signs in though the store of the limits cannot take note of it, which is told', async () => {
    const limitStore = new FlakyStore();
    const noting = world.with({ ...SIGN_IN, limits: { waitsMs: false }, limitStore });
    const handle = await noting.handleOf('startSignIn');
    const { verify } = world.authsignal;
    world.authsignal.verify = async (request) => {
      limitStore.mode = 'throws';
      return verify.call(world.authsignal, request);
    };
    expect((await noting.ask('verifySignIn', { handle, code: CODE })).status).toBe(200);
    expect(noting.toldOf('limit_store_failed')).not.toHaveLength(0);
  });
});

describe('a flow that ends well', () => {
  it('is used up for as long as its handles live, and a minute', async () => {
    const handle = await world.handleOf('startSignIn');
    world.clock.advance(100_000);
    expect(await world.ask('verifySignIn', { handle, code: '123 456' })).toMatchObject({
      status: 200,
      json: { userId: 'alice' },
      headers: { 'x-welcome': ['hello'] },
    });
    const [flow, ...others] = world.store.burned;
    expect(others).toEqual([]);
    expect(flow).toEqual({
      key: expect.stringMatching(/^flow:[\w-]+$/),
      ttlMs: 600_000 - 100_000 + 60_000,
    });
    expect(world.toldOf('otp_verified')).toMatchObject([
      { purpose: 'sign_in', phoneNumber: MASKED },
    ]);
    expect(world.toldOf('otp_sent')).toMatchObject([{ purpose: 'sign_in', resent: false }]);
  });

  it('takes no code any more', async () => {
    const handle = await world.handleOf('startSignIn');
    await world.ask('verifySignIn', { handle, code: CODE });
    for (const route of ['verifySignIn', 'resend'] as const) {
      const { status, json } = await world.ask(route, { handle, code: CODE });
      expect({ status, code: json.code }).toEqual({ status: 400, code: 'handle_invalid' });
    }
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'used' }, { why: 'used' }]);
  });

  it('is none where the store has it as used, or cannot tell', async () => {
    const handle = await world.handleOf('startSignIn');
    world.store.taken.add('flow:');
    expect((await world.ask('verifySignIn', { handle, code: CODE })).status).toBe(400);
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'used' }]);
    world.store.broken = 'burn';
    const other = await world.handleOf('startSignIn');
    expect((await world.ask('verifySignIn', { handle: other, code: CODE })).status).toBe(503);
    expect(world.toldOf('replay_store_failed')).toMatchObject([{ step: 'burn' }]);
    expect(world.lines.join('\n')).toContain('WhatsApp flow "sign_in"');
  });
});

describe('a sign-in', () => {
  it('is the action that the application names', async () => {
    const named = world.with({ signIn: { ...SIGN_IN.signIn, action: 'letMeIn' } });
    await named.handleOf('startSignIn');
    expect(named.authsignal.calls).toMatchObject([
      { call: 'challenge', request: { action: 'letMeIn' } },
    ]);
  });
});

describe('a sign-in that is not finished', () => {
  const start = async (given: Partial<WhatsAppOptions<Raw>['signIn']>): Promise<Answer> => {
    world = worldOf({ signIn: { findOrCreateUser: () => 'bob', signedIn: () => ({}), ...given } });
    const handle = await world.handleOf('startSignIn');
    return world.ask('verifySignIn', { handle, code: CODE });
  };
  const INCOMPLETE = { status: 503, json: { code: 'sign_in_incomplete' } };

  it('because the application threw', async () => {
    const broken = () => {
      throw new Error('no database');
    };
    expect(await start({ findOrCreateUser: broken })).toMatchObject(INCOMPLETE);
    expect(world.toldOf('sign_in_incomplete')).toMatchObject([{ step: 'findOrCreateUser' }]);
    expect(world.toldOf('callback_failed')).toMatchObject([
      { callback: 'findOrCreateUser', error: 'Error: no database' },
    ]);
  });

  it('because it found no user', async () => {
    expect(await start({ findOrCreateUser: () => '' })).toMatchObject(INCOMPLETE);
    expect(world.toldOf('callback_failed')).toMatchObject([
      { callback: 'findOrCreateUser', error: 'returned no user id' },
    ]);
  });

  it('because its answer is nothing that JSON can hold', async () => {
    const text: unknown = 'hello';
    expect(await start({ signedIn: () => text as object })).toMatchObject(INCOMPLETE);
    expect(world.toldOf('callback_failed')).toMatchObject([
      {
        callback: 'signedIn',
        error: 'TypeError: signedIn returned no object that JSON can hold',
      },
    ]);
  });

  it('because the claim failed; its handle works once, without a code, for five minutes', async () => {
    const handle = await world.handleOf('startSignIn');
    world.authsignal.fail('claimChallenge', 'timed_out');
    const { json } = await world.ask('verifySignIn', { handle, code: CODE });
    expect(world.toldOf('authsignal_failed')).toMatchObject([
      { failure: { kind: 'timed_out', call: 'claimChallenge' } },
    ]);
    expect((await world.ask('resend', { handle: json.handle })).json).toMatchObject({
      code: 'handle_invalid',
    });
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'foreign' }]);
    world.authsignal.fail('claimChallenge');
    world.clock.advance(100_000);
    expect((await world.ask('verifySignIn', { handle: json.handle })).status).toBe(200);
    expect(world.store.burned.at(-1)).toEqual({
      key: expect.stringMatching(/^completion:/),
      ttlMs: 300_000 - 100_000 + 60_000,
    });
    expect((await world.ask('verifySignIn', { handle: json.handle })).status).toBe(400);
  });
});

describe('a change of authenticators', () => {
  beforeEach(() => {
    world.authsignal.unenroll('alice');
  });

  const enroll = async (): Promise<Answer> => {
    const handle = await world.handleOf('startEnrollment');
    return world.ask('verifyEnrollment', { handle, code: CODE });
  };

  it.each([
    [1_000, 30_000],
    [5_000, 50_000],
  ])('with a deadline of %i ms keeps others out for %i ms', async (timeoutMs, ttlMs) => {
    world = worldOf(ALL, { timeoutMs, audience: 'shop' });
    world.authsignal.unenroll('alice');
    expect((await enroll()).status).toBe(200);
    expect(world.store.burned).toContainEqual({ key: 'authenticators:shop:alice', ttlMs });
  });

  it('waits for another one', async () => {
    world.store.taken.add('authenticators:');
    expect(await enroll()).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(world.calls()).not.toContain('verify');
  });

  it('does not begin while the store cannot keep others out', async () => {
    const handle = await world.handleOf('startEnrollment');
    world.store.broken = 'burn';
    const { status } = await world.ask('verifyEnrollment', { handle, code: CODE });
    expect(status).toBe(503);
    expect(world.calls()).not.toContain('verify');
  });

  it('is done even if others stay kept out', async () => {
    world.store.broken = 'restore';
    expect((await enroll()).status).toBe(200);
    expect(world.toldOf('replay_store_failed')).toMatchObject([{ step: 'restore' }]);
    expect(world.lines.join('\n')).toContain('WhatsApp flow "enrollment"');
  });

  it('lets the next one in', async () => {
    await enroll();
    world.authsignal.unenroll('alice');
    expect((await enroll()).status).toBe(200);
  });

  it('takes a number for its own only from WhatsApp', async () => {
    const sms = { ...has('+64219999999')[0], userAuthenticatorId: 'x', verificationMethod: 'SMS' };
    authenticators(world, [sms, ...has(PHONE)]);
    expect((await world.ask('status', undefined)).json).toMatchObject({ phoneNumber: MASKED });
    authenticators(world, [sms]);
    expect((await world.ask('status', undefined)).json).toMatchObject({ phoneNumber: null });
  });
});

describe('a message that is asked for again', () => {
  const FOREIGN = { status: 400, json: { code: 'handle_invalid' } };

  it('goes to the same challenge', async () => {
    const handle = await world.handleOf('startSignIn');
    const { status, json } = await world.ask('resend', { handle });
    expect({ status, phoneNumber: json.phoneNumber }).toEqual({ status: 200, phoneNumber: MASKED });
    expect(world.toldOf('otp_sent')).toMatchObject([{ resent: false }, { resent: true }]);
    const [first, second] = world.authsignal.calls.map(({ request }) => request);
    expect(first).not.toHaveProperty('challengeId');
    expect(second).toHaveProperty('challengeId', expect.any(String));
  });

  it('is not sent by an application that has switched the flow off', async () => {
    const handle = await world.handleOf('startSignIn');
    const other = world.with({ enrollment: {} });
    expect(await other.ask('resend', { handle })).toMatchObject(FOREIGN);
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'foreign' }]);
  });

  it('is sent to the user who began, and to no other', async () => {
    world.authsignal.unenroll('alice');
    const handle = await world.handleOf('startEnrollment');
    expect(await world.ask('resend', { handle }, { raw: { user: 'eve' } })).toMatchObject(FOREIGN);
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'foreign' }]);
    expect((await world.ask('resend', { handle })).status).toBe(200);
  });

  it('is not sent where a right code could change nothing any more', async () => {
    world.authsignal.unenroll('alice');
    const handle = await world.handleOf('startEnrollment');
    world.authsignal.enroll('alice');
    expect(await world.ask('resend', { handle })).toMatchObject(FOREIGN);
    expect(world.toldOf('handle_refused')).toMatchObject([{ why: 'unproven' }]);
    authenticators(world, 'fails');
    expect((await world.ask('resend', { handle })).status).toBe(503);
  });

  it('is sent for a number flow that was stepped up', async () => {
    const first = await world.ask('startPhoneNumber', { phoneNumber: PHONE });
    const { token } = first.json.challenge as { token: string };
    const proof = world.authsignal.complete(token);
    const { json } = await world.ask(
      'startPhoneNumber',
      { phoneNumber: PHONE },
      { headers: { 'step-up-proof': proof } },
    );
    expect((await world.ask('resend', { handle: json.handle })).status).toBe(200);
    const { status } = await world.ask('verifyPhoneNumber', { handle: json.handle, code: CODE });
    expect(status).toBe(200);
    expect(world.toldOf('otp_verified')).toMatchObject([{ purpose: 'phone_number' }]);
  });
});

describe('a message that Authsignal does not send', () => {
  const start = () => world.ask('startSignIn', { phoneNumber: PHONE });

  it('because there were too many is limited for as long as it says', async () => {
    failing(world, 'challenge', { kind: 'rate_limited', retryAfterMs: 7_000 });
    expect(await start()).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
    failing(world, 'challenge', { kind: 'rate_limited' });
    expect(await start()).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(world.toldOf('authsignal_failed')).toHaveLength(2);
    expect(world.toldOf('otp_send_limited')[0]).toMatchObject({
      ...{ purpose: 'sign_in', phoneNumber: MASKED, limit: 'provider' },
    });
  });

  it('because it does not take the number is the number’s fault, any other refusal is ours', async () => {
    failing(world, 'challenge', { kind: 'rejected', status: 400, errorCode: 'invalid_request' });
    expect(await start()).toMatchObject({ status: 422, json: { code: 'phone_not_allowed' } });
    expect(world.toldOf('phone_refused')).toMatchObject([{ why: 'provider' }]);
    failing(world, 'challenge', { kind: 'rejected', status: 400, errorCode: 'other' });
    expect((await start()).status).toBe(500);
    failing(world, 'challenge', { kind: 'server_error', errorCode: 'invalid_request' });
    expect((await start()).status).toBe(503);
    expect(world.toldOf('phone_refused')).toHaveLength(1);
  });

  it('because a limit is reached names the number masked', async () => {
    world = worldOf({ ...SIGN_IN, limits: { waitsMs: [30_000] } });
    expect((await start()).json).toMatchObject({ resendAfterMs: 30_000 });
    expect(await start()).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    expect(world.toldOf('otp_send_limited')).toMatchObject([
      { purpose: 'sign_in', phoneNumber: MASKED, limit: 'wait' },
    ]);
  });
});

describe('a number that the application has verified', () => {
  const enroll = (changes: Partial<Request> = {}) =>
    world.ask('enrollVerifiedNumber', undefined, { bodyState: 'absent', ...changes });

  beforeEach(() => {
    world.authsignal.unenroll('alice');
  });

  it('comes from its records alone', async () => {
    const { status, json } = await world.ask('enrollVerifiedNumber', { phoneNumber: PHONE });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      errors: [
        {
          pointer: '#/phoneNumber',
          detail: "must not be sent: the number comes from the application's own records",
        },
      ],
    });
    expect(world.calls()).toEqual([]);
  });

  it('is refused where there is none', async () => {
    const none: unknown = {};
    world = worldOf({ verifiedNumber: { resolve: () => none as { phoneNumber: string } } });
    expect(await enroll()).toMatchObject({ status: 422, json: { code: 'phone_not_allowed' } });
    expect(world.toldOf('phone_refused')).toMatchObject([{ why: 'invalid' }]);
  });

  it('is enrolled once, and told masked', async () => {
    expect(await enroll()).toMatchObject({
      status: 200,
      json: { enrolled: true, phoneNumber: MASKED },
    });
    expect(world.toldOf('authenticator_changed')).toMatchObject([
      { purpose: 'verified_number', phoneNumber: MASKED },
    ]);
    authenticators(world, has(PHONE));
    expect((await enroll()).status).toBe(200);
    const enrolments = world.calls().filter((call) => call === 'enrollVerifiedAuthenticator');
    expect(enrolments).toHaveLength(1);
  });

  it('is not enrolled over what something else has left meanwhile', async () => {
    authenticators(world, [], has('+64219999999'));
    expect(await enroll()).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    authenticators(world, [], 'fails');
    expect((await enroll()).status).toBe(503);
    expect(world.calls()).not.toContain('enrollVerifiedAuthenticator');
  });

  it('that was enrolled though the answer was lost is enrolled', async () => {
    world.authsignal.fail('enrollVerifiedAuthenticator', 'timed_out');
    authenticators(world, [], [], has(PHONE));
    expect((await enroll()).status).toBe(200);
    expect(world.toldOf('authenticator_changed')).toHaveLength(1);
  });

  it.each([
    ['another number is there', has('+64219999999')],
    ['none is', []],
    ['nobody can tell', 'fails' as const],
  ])('was not enrolled where %s', async (_what, left) => {
    world.authsignal.fail('enrollVerifiedAuthenticator', 'timed_out');
    authenticators(world, [], [], left);
    expect((await enroll()).status).toBe(503);
    expect(world.toldOf('authenticator_changed')).toEqual([]);
  });

  it('keeps a proof that led to nothing for the next try, and one that led to it is used', async () => {
    world.authsignal.enroll('alice');
    const { json } = await enroll();
    const { token } = json.challenge as { token: string };
    const headers = { 'step-up-proof': world.authsignal.complete(token) };
    world.authsignal.fail('enrollVerifiedAuthenticator', 'timed_out');
    expect((await enroll({ headers })).status).toBe(503);
    world.authsignal.fail('enrollVerifiedAuthenticator');
    expect((await enroll({ headers })).status).toBe(200);
    expect((await enroll({ headers })).status).toBe(409);
  });
});

describe('a port of the application that throws', () => {
  const whole = async (ask: World['ask'], start: FlowRouteName, verify: FlowRouteName) => {
    const { json } = await ask(start, { phoneNumber: PHONE });
    return ask(verify, { handle: json.handle, code: CODE });
  };
  const STORIES = {
    challenge: (w: World) => w.ask('startSignIn', { phoneNumber: PHONE }),
    verify: (w: World) => whole(w.ask, 'startSignIn', 'verifySignIn'),
    claimChallenge: (w: World) => whole(w.ask, 'startSignIn', 'verifySignIn'),
    getUser: (w: World) => w.ask('status', undefined, { bodyState: 'absent', method: 'GET' }),
    getAuthenticators: (w: World) => w.ask('startEnrollment', { phoneNumber: PHONE }),
    enrollVerifiedAuthenticator: (w: World) =>
      w.ask('enrollVerifiedNumber', undefined, { bodyState: 'absent' }),
  };

  it.each(Object.keys(STORIES) as (keyof typeof STORIES)[])('is told by its "%s"', async (call) => {
    world.authsignal.unenroll('alice');
    world.authsignal[call] = () => {
      throw new Error('lost');
    };
    expect((await STORIES[call](world)).status).toBe(503);
    expect(world.toldOf('authsignal_failed')).toContainEqual(
      expect.objectContaining({ failure: { kind: 'port_threw', call } }),
    );
  });
});
