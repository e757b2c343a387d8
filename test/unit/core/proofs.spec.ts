import { describe, expect, it } from '@jest/globals';
import type {
  AuthsignalPort,
  TrackAnswer,
  ValidateAnswer,
} from '../../../src/core/authsignal-port.js';
import type { CallFailure, CallFailureKind, CallResult } from '../../../src/core/call-result.js';
import type { ReplayStore } from '../../../src/core/replay-store.js';
import type { ApprovedVerdict, Verdict } from '../../../src/core/verdict.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import { FakeAuthsignal } from '../../../src/testing/index.js';
import {
  type Bench,
  bench,
  challengeIn,
  combinations,
  type Policy,
  provenBy,
  requestOf,
  SECRET,
  withProof,
} from './gate-bench.js';

const pay: Policy = { action: 'pay', requireChallenge: true };

const approvedIn = (verdict: Verdict): ApprovedVerdict => {
  if (verdict.kind !== 'approved') {
    throw new Error(`Expected an approval, got ${JSON.stringify(verdict)}`);
  }
  return verdict;
};

describe('a proof', () => {
  it('approves its request once, then never again', async () => {
    const made = bench();
    const proof = await provenBy(made, pay);
    const verdict = approvedIn(await made.gate.evaluate(withProof(proof), pay));
    expect(verdict).toEqual({
      kind: 'approved',
      approval: {
        action: 'pay',
        subject: 'alice',
        by: 'challenge',
        proofId: expect.stringMatching(/^v1[\w-]{56}$/),
        method: 'WHATSAPP',
        body: { amount: 100, payee: 'bob' },
        bound: undefined,
      },
    });
    expect(await made.gate.evaluate(withProof(proof), pay)).toEqual({
      kind: 'consumed',
      action: 'pay',
    });
    const { proofId } = verdict.approval;
    expect(made.events.filter(({ type }) => type.startsWith('proof_'))).toMatchObject([
      { type: 'proof_burned', proofId },
      { type: 'proof_replayed', proofId },
    ]);
  });

  it('may come without a method where any counts', async () => {
    const made = bench();
    const proof = await provenBy(made, pay);
    const validate = made.authsignal.validateChallenge.bind(made.authsignal);
    made.authsignal.validateChallenge = async (request) => {
      const result = await validate(request);
      if (!result.ok) {
        return result;
      }
      const { verificationMethod: _, ...value } = result.value;
      return { ok: true, value };
    };
    const { approval } = approvedIn(await made.gate.evaluate(withProof(proof), pay));
    expect(approval).not.toHaveProperty('method');
  });

  it('approves one of 100 parallel requests', async () => {
    const made = bench();
    const proof = await provenBy(made, pay);
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, () => made.gate.evaluate(withProof(proof), pay)),
    );
    expect(verdicts.filter(({ kind }) => kind === 'approved')).toHaveLength(1);
    expect(verdicts.filter(({ kind }) => kind === 'consumed')).toHaveLength(99);
  });

  it('counts as one, however many tokens its challenge has', async () => {
    const made = bench();
    const { challenge } = challengeIn(await made.gate.evaluate(requestOf(), pay));
    const [one, other] = [
      made.authsignal.complete(challenge.token),
      made.authsignal.complete(challenge.token),
    ];
    expect(one).not.toBe(other);
    expect((await made.gate.evaluate(withProof(one), pay)).kind).toBe('approved');
    expect((await made.gate.evaluate(withProof(other), pay)).kind).toBe('consumed');
  });

  it('is read from the header that the options name', async () => {
    const made = bench({ header: 'X-Proof' });
    const { challenge, retryHeader } = challengeIn(await made.gate.evaluate(requestOf(), pay));
    expect(retryHeader).toBe('X-Proof');
    const proof = made.authsignal.complete(challenge.token);
    expect((await made.gate.evaluate(withProof(proof), pay)).kind).toBe('challenge');
    const verdict = await made.gate.evaluate(requestOf({ headers: { 'x-proof': proof } }), pay);
    expect(verdict.kind).toBe('approved');
  });

  it('that is malformed costs no call to validate', async () => {
    const made = bench();
    for (const header of [['a', 'b'], '', 'a b', 'a'.repeat(8_193)]) {
      const verdict = await made.gate.evaluate(
        requestOf({ headers: { 'step-up-proof': header } }),
        pay,
      );
      expect(challengeIn(verdict).reason).toBe('proof_invalid');
    }
    expect(made.calls()).not.toContain('validateChallenge');
  });
});

const jwt = (claims: unknown): string =>
  `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('a proof that does not count', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each<[string, (made: Bench) => Promise<string> | string, Policy, string]>([
    ['is unknown', () => 'a.b.c', pay, 'proof_invalid'],
    ['is no JWT', () => 'abc', pay, 'proof_invalid'],
    ['has expired', () => jwt({ exp: now / 1000 }), pay, 'proof_expired'],
    ['expires in a second', () => jwt({ exp: now / 1000 + 1 }), pay, 'proof_invalid'],
    ['has an exp of another type', () => jwt({ exp: '0' }), pay, 'proof_invalid'],
    ['has claims of another type', () => jwt(null), pay, 'proof_invalid'],
    [
      "is another user's",
      async (made) => provenBy(made, { ...pay, subject: () => 'bob' }),
      pay,
      'proof_invalid',
    ],
    [
      "is another action's",
      async (made) => provenBy(made, { ...pay, action: 'refund' }),
      pay,
      'proof_invalid',
    ],
    [
      'is too old',
      async (made) => {
        const proof = await provenBy(made, pay);
        made.clock.advance(900_001);
        return proof;
      },
      pay,
      'proof_expired',
    ],
    [
      'was not completed',
      async (made) => {
        const { challenge } = challengeIn(await made.gate.evaluate(requestOf(), pay));
        return challenge.token;
      },
      pay,
      'challenge_pending',
    ],
    [
      'used another method',
      async (made) => provenBy(made, pay, requestOf(), 'SMS'),
      { ...pay, methods: ['WHATSAPP'] },
      'method_not_allowed',
    ],
    [
      'is for another request',
      async (made) => provenBy(made, pay, requestOf({ body: {} })),
      pay,
      'binding_mismatch',
    ],
  ])(
    'since it %s, leads to a fresh challenge that tells why',
    async (_name, obtain, policy, reason) => {
      const made = bench();
      const proof = await obtain(made);
      const before = made.events.length;
      const verdict = challengeIn(await made.gate.evaluate(withProof(proof), policy));
      expect(verdict).toMatchObject({ action: 'pay', reason, retryHeader: 'Step-Up-Proof' });
      expect(verdict.challenge.token).not.toBe(proof);
      const types = made.events.slice(before).map(({ type }) => type);
      expect(types).toEqual(['proof_refused', 'action_tracked', 'challenge_issued', 'refused']);
      expect(made.events.slice(before)).toMatchObject([
        { reason },
        {},
        { raised: true },
        { code: 'step_up_required', reason },
      ]);
      const again = made.authsignal.complete(verdict.challenge.token);
      expect((await made.gate.evaluate(withProof(again), policy)).kind).toBe('approved');
    },
  );

  it('lets the rules decide, who may need none', async () => {
    const made = bench();
    const verdict = await made.gate.evaluate(withProof('a.b.c'), { action: 'pay' });
    expect(verdict).toMatchObject({ kind: 'approved', approval: { by: 'rules' } });
  });

  it('since its challenge was completed on an ALLOW, ends there', async () => {
    const made = bench();
    const allowed: ValidateAnswer = {
      isValid: true,
      state: 'ALLOW',
      userId: 'alice',
      action: 'pay',
    };
    await made.gate.evaluate(requestOf(), pay);
    const tracked = made.events.find(({ type }) => type === 'action_tracked');
    const idempotencyKey = tracked?.type === 'action_tracked' ? tracked.idempotencyKey : '';
    made.authsignal.validateChallenge = async () => ({
      ok: true,
      value: { ...allowed, idempotencyKey },
    });
    expect(await made.gate.evaluate(withProof('a.b.c'), pay)).toEqual({
      kind: 'failed',
      action: 'pay',
    });
  });
});

const KINDS: readonly CallFailureKind[] = [
  'connection_refused',
  'timed_out',
  'connection_reset',
  'server_error',
  'unauthorized',
  'rate_limited',
  'rejected',
  'unexpected_status',
  'not_json',
  'wrong_shape',
  'port_threw',
];

const REJECTING: readonly CallFailureKind[] = ['unauthorized', 'rejected', 'wrong_shape'];

describe('a failed validateChallenge', () => {
  it.each(KINDS)(
    'of kind %s never approves, whatever the policy, and uses no proof up',
    async (kind) => {
      for (const whenUnavailable of ['deny', 'allow'] as const) {
        const made = bench();
        const policy: Policy = { ...pay, whenUnavailable };
        const proof = await provenBy(made, policy);
        made.authsignal.fail('validateChallenge', kind);
        const verdict = await made.gate.evaluate(withProof(proof), policy);
        const wanted = kind === 'unexpected_status' ? 'misconfigured' : 'unavailable';
        expect(verdict.kind).toBe(REJECTING.includes(kind) ? 'challenge' : wanted);
        expect(made.events).toContainEqual(
          expect.objectContaining({
            type: 'authsignal_failed',
            failure: { kind, call: 'validateChallenge' },
          }),
        );
        expect(made.lines.length).toBe(kind === 'unexpected_status' ? 1 : 0);
        made.authsignal.fail('validateChallenge');
        expect((await made.gate.evaluate(withProof(proof), policy)).kind).toBe('approved');
      }
    },
  );

  it('passes Retry-After on', async () => {
    const made = bench();
    const failure: CallFailure = {
      kind: 'rate_limited',
      call: 'validateChallenge',
      retryAfterMs: 7_000,
    };
    made.authsignal.validateChallenge = async () => ({ ok: false, failure });
    expect(await made.gate.evaluate(withProof('a.b.c'), pay)).toEqual({
      kind: 'unavailable',
      retryAfterMs: 7_000,
    });
  });
});

describe('a failed track', () => {
  const cases = combinations({
    kind: KINDS,
    whenUnavailable: ['deny', 'allow'],
    requireChallenge: [true, false],
    proof: ['none', 'sent'],
  } as const);

  it.each(KINDS)('of kind %s opens only where all of the policy says so', async (kind) => {
    for (const { whenUnavailable, requireChallenge, proof } of cases.filter(
      (each) => each.kind === kind,
    )) {
      const made = bench();
      made.authsignal.fail('track', kind);
      const request = proof === 'sent' ? withProof('a.b.c') : requestOf();
      const verdict = await made.gate.evaluate(request, {
        action: 'pay',
        whenUnavailable,
        requireChallenge,
      });
      const outage = [
        'connection_refused',
        'timed_out',
        'connection_reset',
        'server_error',
      ].includes(kind);
      const opens = outage && whenUnavailable === 'allow' && !requireChallenge && proof === 'none';
      const setup = ['unauthorized', 'rejected', 'unexpected_status'].includes(kind);
      expect(verdict.kind).toBe(opens ? 'approved' : setup ? 'misconfigured' : 'unavailable');
      expect(made.told().includes('opened')).toBe(opens);
      expect(made.lines.length).toBe(setup || opens ? 1 : 0);
      if (opens) {
        expect(approvedIn(verdict).approval.by).toBe('unavailable');
        expect(made.told()).toEqual(['authsignal_failed', 'opened', 'approved']);
      }
    }
  });

  it.each<[CallFailure, RegExp]>([
    [
      { kind: 'unauthorized', call: 'track', status: 401, errorCode: 'unauthorized' },
      /answered track with 401 unauthorized\. Check that the API secret and the region/,
    ],
    [
      { kind: 'rejected', call: 'track', status: 400, errorCode: 'AUTHENTICATOR_NOT_FOUND' },
      /answered track with 400 AUTHENTICATOR_NOT_FOUND\. Check the tenant's setup/,
    ],
    [{ kind: 'rejected', call: 'track', field: 'userId' }, /answered track with rejected\. Check/],
  ])('tells the log what to change: %j', async (failure, words) => {
    const made = bench();
    made.authsignal.track = async () => ({ ok: false, failure });
    expect(await made.gate.evaluate(requestOf(), { action: 'pay' })).toEqual({
      kind: 'misconfigured',
    });
    expect(made.lines).toEqual([expect.stringMatching(words)]);
  });
});

describe('an ALLOW that is not enough', () => {
  it('is made a challenge at Authsignal before its token is handed out', async () => {
    const made = bench();
    const { challenge } = challengeIn(await made.gate.evaluate(requestOf(), pay));
    const [track, update] = made.authsignal.calls;
    expect(update).toMatchObject({
      call: 'updateAction',
      request: { userId: 'alice', action: 'pay', state: 'CHALLENGE_REQUIRED' },
    });
    expect(track).toMatchObject({
      request: { idempotencyKey: Object(update?.request).idempotencyKey },
    });
    expect(challenge).toEqual({
      token: expect.any(String),
      url: expect.stringMatching(/^https:/),
      methods: ['WHATSAPP'],
    });
    expect(made.events).toContainEqual(
      expect.objectContaining({ type: 'challenge_issued', raised: true }),
    );
  });

  it.each(KINDS)('hands nothing out after a %s of updateAction', async (kind) => {
    const made = bench();
    made.authsignal.fail('updateAction', kind);
    const verdict = await made.gate.evaluate(requestOf(), { ...pay, whenUnavailable: 'allow' });
    const setup = ['unauthorized', 'rejected', 'unexpected_status'].includes(kind);
    expect(verdict.kind).toBe(setup ? 'misconfigured' : 'unavailable');
    expect(made.told()).not.toContain('challenge_issued');
  });

  it.each(['ALLOW', 'BLOCK', '', 'UNKNOWN'])(
    'hands nothing out while the action reads %j',
    async (state) => {
      const made = bench();
      made.authsignal.updateAction = async () => ({ ok: true, value: { state } });
      expect((await made.gate.evaluate(requestOf(), pay)).kind).toBe('unavailable');
      expect(made.events).toContainEqual(
        expect.objectContaining({ type: 'unexpected_answer', call: 'updateAction' }),
      );
    },
  );
});

describe('the methods of a challenge', () => {
  const offered = async (answer: Partial<TrackAnswer>, methods?: readonly string[]) => {
    const made = bench();
    made.authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
    const track = made.authsignal.track.bind(made.authsignal);
    made.authsignal.track = async (request) => {
      const result = await track(request);
      return result.ok ? { ok: true, value: { ...result.value, ...answer } } : result;
    };
    const policy: Policy = methods === undefined ? { action: 'pay' } : { action: 'pay', methods };
    const verdict = await made.gate.evaluate(requestOf(), policy);
    return verdict.kind === 'challenge' ? verdict.challenge.methods : verdict.kind;
  };

  it.each<[string, Partial<TrackAnswer>, readonly string[] | undefined, unknown]>([
    ['what is enrolled', {}, undefined, ['WHATSAPP']],
    [
      'what is allowed, where nothing of it is enrolled',
      { allowedVerificationMethods: ['PASSKEY', 'SMS'] },
      undefined,
      ['PASSKEY', 'SMS'],
    ],
    [
      'what is enrolled of what is allowed',
      { allowedVerificationMethods: ['PASSKEY', 'WHATSAPP'] },
      undefined,
      ['WHATSAPP'],
    ],
    [
      'what both allow and count',
      { allowedVerificationMethods: ['SMS', 'WHATSAPP'] },
      ['WHATSAPP', 'PASSKEY'],
      ['WHATSAPP'],
    ],
    [
      'what counts, where nothing is allowed',
      { allowedVerificationMethods: ['SMS'] },
      ['WHATSAPP'],
      ['WHATSAPP'],
    ],
    ['nothing where the user has nothing that counts', {}, ['PASSKEY'], 'unenrolled'],
  ])('are %s', async (_name, answer, methods, wanted) => {
    expect(await offered(answer, methods)).toEqual(wanted);
  });

  it('are any where Authsignal names none', async () => {
    const made = bench();
    made.authsignal.track = async (request) => ({
      ok: true,
      value: {
        state: 'CHALLENGE_REQUIRED',
        token: 't',
        url: 'u',
        isEnrolled: true,
        idempotencyKey: request.idempotencyKey,
      },
    });
    expect(challengeIn(await made.gate.evaluate(requestOf(), { action: 'pay' })).challenge).toEqual(
      { token: 't', url: 'u', methods: [] },
    );
  });
});

describe('what track answers', () => {
  it.each([
    ['BLOCK', 'blocked'],
    ['REVIEW_REQUIRED', 'review_pending'],
    ['CHALLENGE_FAILED', 'failed'],
    ['REVIEW_FAILED', 'failed'],
    ['CHALLENGE_REQUIRED', 'challenge'],
    ['ALLOW', 'approved'],
  ] as const)('%s is %s', async (state, kind) => {
    const made = bench();
    made.authsignal.outcome('pay', state);
    expect(await made.gate.evaluate(requestOf(), { action: 'pay' })).toMatchObject({ kind });
  });

  it('an unenrolled user is told where to enroll', async () => {
    const made = bench({ enrollmentUrl: '/security' });
    made.authsignal.unenroll('alice');
    expect(await made.gate.evaluate(requestOf(), { action: 'pay' })).toEqual({
      kind: 'unenrolled',
      action: 'pay',
      enrollmentUrl: '/security',
    });
    expect(await bench().gate.evaluate(requestOf(), { action: 'pay' })).toMatchObject({
      kind: 'approved',
    });
    const silent = bench();
    silent.authsignal.unenroll('alice');
    expect(await silent.gate.evaluate(requestOf(), { action: 'pay' })).toEqual({
      kind: 'unenrolled',
      action: 'pay',
    });
  });

  const answering = async (answer: (key: string) => unknown) => {
    const made = bench({ whenUnavailable: 'allow', whenUnenrolled: 'allow' });
    made.authsignal.track = async ({ idempotencyKey }) =>
      answer(idempotencyKey) as CallResult<TrackAnswer>;
    return { made, verdict: await made.gate.evaluate(requestOf(), { action: 'pay' }) };
  };
  const allow = { state: 'ALLOW', token: 't', url: 'u', isEnrolled: true };

  it.each<[string, (key: string) => unknown]>([
    [
      'an unknown state',
      (idempotencyKey) => ({ ok: true, value: { ...allow, idempotencyKey, state: 'APPROVED' } }),
    ],
    [
      'a long state',
      (idempotencyKey) => ({
        ok: true,
        value: { ...allow, idempotencyKey, state: 'A'.repeat(100_000) },
      }),
    ],
    [
      'a state that is no text',
      (idempotencyKey) => ({ ok: true, value: { ...allow, idempotencyKey, state: undefined } }),
    ],
    [
      'a state that a new action cannot have',
      (idempotencyKey) => ({
        ok: true,
        value: { ...allow, idempotencyKey, state: 'CHALLENGE_SUCCEEDED' },
      }),
    ],
    [
      'another idempotencyKey',
      () => ({ ok: true, value: { ...allow, idempotencyKey: 'another' } }),
    ],
    ['no idempotencyKey', () => ({ ok: true, value: allow })],
    ['no value', () => ({ ok: true })],
    ['null for a value', () => ({ ok: true, value: null })],
    ['a text for a value', () => ({ ok: true, value: 'ALLOW' })],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a text', () => 'ALLOW'],
    ['an answer as the SDK gives it', (idempotencyKey) => ({ ...allow, idempotencyKey })],
    ['a failure without words', () => ({ ok: false })],
    [
      'a failure of a kind that nobody knows',
      () => ({ ok: false, failure: { kind: 'tired', call: 'track' } }),
    ],
  ])('a port of the app that answers %s approves nothing', async (_name, answer) => {
    const { made, verdict } = await answering(answer);
    expect(verdict.kind).toBe('unavailable');
    expect(made.told()).not.toContain('approved');
    expect(JSON.stringify(made.lines).length).toBeLessThan(400);
  });

  it.each<keyof AuthsignalPort>(['track', 'validateChallenge', 'updateAction'])(
    'a port of the app whose %s throws approves nothing and tells no secret',
    async (call) => {
      for (const failing of [
        () => {
          throw new Error(SECRET);
        },
        async () => {
          throw new Error(SECRET);
        },
      ]) {
        const made = bench({
          authsignal: Object.assign(new FakeAuthsignal(), { [call]: failing }),
          whenUnavailable: 'allow',
        });
        const verdict = await made.gate.evaluate(
          call === 'validateChallenge' ? withProof('a.b.c') : requestOf(),
          pay,
        );
        expect(verdict.kind).toBe('unavailable');
        expect(made.events).toContainEqual(
          expect.objectContaining({
            type: 'authsignal_failed',
            failure: { kind: 'port_threw', call },
          }),
        );
        expect(JSON.stringify([made.events, made.lines])).not.toContain(SECRET);
      }
    },
  );

  it.each([
    undefined,
    null,
    'x',
    { ok: true },
    { ok: true, value: null },
    { isValid: true, state: 'CHALLENGE_SUCCEEDED' },
  ])('a port of the app whose validateChallenge answers %j proves nothing', async (answer) => {
    const made = bench();
    made.authsignal.validateChallenge = async () => answer as never;
    expect((await made.gate.evaluate(withProof('a.b.c'), pay)).kind).toBe('challenge');
  });
});

describe('a replay store', () => {
  const storing = async (replayStore: Partial<ReplayStore>, policy: Policy = pay) => {
    const store = { burn: () => true, restore: () => undefined, ...replayStore };
    const made = bench({ replayStore: store, timeoutMs: 20, whenUnavailable: 'allow' });
    const proof = await provenBy(made, policy);
    return { made, verdict: await made.gate.evaluate(withProof(proof), policy) };
  };
  const never = () => new Promise<never>(() => undefined);
  // biome-ignore lint/suspicious/noThenProperty: a driver's own promise.
  const thenable = { then: () => undefined } as unknown as Promise<never>;
  const broken = () => {
    throw new Error(`redis://:${SECRET}@cache is down`);
  };

  it.each<[string, () => unknown]>([
    ['throws', broken],
    ['rejects', async () => broken()],
    ['hangs', never],
    ['hangs with a promise of its own', () => thenable],
    ['answers undefined', () => undefined],
    ['answers null', async () => null],
    ['answers OK', () => 'OK'],
    ['answers 1', async () => 1],
    ['answers a box', () => Object(true)],
    [
      'is full',
      () => {
        const full = new MemoryReplayStore({ maxKeys: 1 });
        full.burn('other', 'a', 60_000);
        return full.burn('key', 'a', 60_000);
      },
    ],
  ])('that %s when asked to burn approves nothing, and is never let off', async (_name, burn) => {
    const { made, verdict } = await storing({ burn: burn as ReplayStore['burn'] });
    expect(verdict).toEqual({ kind: 'unavailable', retryAfterMs: 5_000 });
    expect(made.events.slice(-2)).toMatchObject([
      { type: 'replay_store_failed', step: 'burn' },
      { type: 'refused', code: 'step_up_unavailable' },
    ]);
    expect(made.lines).toEqual([expect.stringMatching(/the replay store failed to burn a proof/)]);
    expect(JSON.stringify([made.events, made.lines])).not.toContain(SECRET);
  });

  it.each<[string, ReplayStore['burn']]>([
    ['false', () => false],
    ['a promise of false', async () => false],
  ])('that answers %s makes the request a replay', async (_name, burn) => {
    expect((await storing({ burn })).verdict).toEqual({ kind: 'consumed', action: 'pay' });
  });

  it.each<[string, () => unknown, number]>([
    ['yes, is asked to undo it', () => true, 1],
    ['no, is asked nothing more', () => false, 0],
    ['nonsense, is asked nothing more', () => 'true', 0],
    ['with a failure, is asked nothing more', async () => broken(), 0],
  ])('that answers too late, and then %s', async (_name, late, undone) => {
    const restored: unknown[][] = [];
    let answer = (_late: never): void => undefined;
    const { made, verdict } = await storing({
      burn: () =>
        new Promise<never>((resolve) => {
          answer = resolve;
        }),
      restore: (...told) => {
        restored.push(told);
      },
    });
    expect(verdict.kind).toBe('unavailable');
    answer(late() as never);
    await new Promise(setImmediate);
    expect(restored).toHaveLength(undone);
    const { evaluationId } = made.events.at(-1) ?? {};
    expect(restored).toEqual(restored.map(([key]) => [key, evaluationId]));
    expect(made.lines).toHaveLength(1);
  });

  it('is told the idempotencyKey, the evaluation and how long', async () => {
    const burns: unknown[][] = [];
    const { made, verdict } = await storing({ burn: (...told) => burns.push(told) > 0 });
    const { proofId } = approvedIn(verdict).approval;
    const { evaluationId } = made.events.at(-1) ?? {};
    expect(burns).toEqual([[proofId, evaluationId, 960_000]]);
  });

  it('is asked to restore only under returnProofOnFailure', async () => {
    const { verdict } = await storing({});
    expect(approvedIn(verdict).returnProof).toBeUndefined();
  });

  it('gives a proof back for one more use', async () => {
    const returning: Policy = { ...pay, returnProofOnFailure: true };
    const made = bench();
    const proof = await provenBy(made, returning);
    const first = approvedIn(await made.gate.evaluate(withProof(proof), returning));
    expect((await made.gate.evaluate(withProof(proof), returning)).kind).toBe('consumed');
    await first.returnProof?.();
    const second = approvedIn(await made.gate.evaluate(withProof(proof), returning));
    expect(second.approval.proofId).toBe(first.approval.proofId);
    await first.returnProof?.();
    expect((await made.gate.evaluate(withProof(proof), returning)).kind).toBe('consumed');
    expect(made.told()).toContain('proof_returned');
  });

  it.each<[string, ReplayStore['restore']]>([
    ['throws', broken],
    ['rejects', async () => broken()],
    ['hangs', never],
  ])('that %s when asked to restore keeps the proof used, and says so', async (_name, restore) => {
    const { made, verdict } = await storing({ restore }, { ...pay, returnProofOnFailure: true });
    await expect(approvedIn(verdict).returnProof?.()).resolves.toBeUndefined();
    expect(made.events.at(-1)).toMatchObject({ type: 'replay_store_failed', step: 'restore' });
    expect(made.lines).toEqual([expect.stringMatching(/failed to restore a proof/)]);
    expect(JSON.stringify([made.events, made.lines])).not.toContain(SECRET);
  });

  it('is not asked for an approval by rules', async () => {
    const made = bench({ replayStore: { burn: broken, restore: broken } });
    expect((await made.gate.evaluate(requestOf(), { action: 'pay' })).kind).toBe('approved');
  });
});
