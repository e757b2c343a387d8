import { describe, expect, it } from '@jest/globals';
import { ACTION_STATES, type ValidateAnswer } from '../../../src/core/authsignal-port.js';
import { Binding, type BindingContext } from '../../../src/core/binding.js';
import { checkProof, type ProofCheck } from '../../../src/core/check-proof.js';
import { combinations } from './gate-bench.js';

const NOW = Date.UTC(2026, 0, 1);
const MAX_AGE_MS = 900_000;
const AHEAD_MS = 60_000;

const binding = bindingOf('audience-one');
const context: BindingContext = {
  subject: 'alice',
  session: 'sid-1',
  action: 'pay',
  method: 'POST',
  path: '/payments/7',
  route: '/payments/:id',
  handler: null,
  params: { id: '7' },
  bound: { amount: 100 },
};

function bindingOf(audience: string, secret = 'key-material-of-the-tests'): Binding {
  return new Binding({ secret, previousSecrets: [], audience });
}

const iso = (time: number): string => new Date(time).toISOString();
const keyAt = (time: number): string => binding.issue(context, time);
const policy = { methods: undefined, maxProofAgeMs: MAX_AGE_MS, requireChallenge: false } as const;

interface Changes {
  /** Whatever an answer might hold, of the right type or not. */
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly policy?: Partial<Parameters<typeof checkProof>[1]['policy']>;
  readonly now?: number;
}

/** A proof that counts in every respect but for the changes. */
function check(changes: Changes = {}): ProofCheck {
  const good: Readonly<Record<string, unknown>> = {
    isValid: true,
    state: 'CHALLENGE_SUCCEEDED',
    userId: 'alice',
    action: 'pay',
    idempotencyKey: keyAt(NOW),
    verificationMethod: 'WHATSAPP',
    stateUpdatedAt: iso(NOW),
  };
  const entries = Object.entries({ ...good, ...changes.answer }).filter(
    ([, value]) => value !== MISSING,
  );
  const answer = Object.fromEntries(entries) as unknown;
  return checkProof(answer as ValidateAnswer, {
    prepared: { action: 'pay', subject: 'alice', context },
    policy: { ...policy, ...changes.policy },
    binding,
    now: changes.now ?? NOW,
  });
}

const MISSING = Symbol('missing');
const refused = (reason: string) => ({ outcome: 'refused', reason });

describe('a proof that counts', () => {
  it('is one that is right in every respect, and it tells its key, method and time', () => {
    const idempotencyKey = keyAt(NOW - 1);
    expect(check({ answer: { idempotencyKey } })).toEqual({
      outcome: 'counts',
      proofId: idempotencyKey,
      method: 'WHATSAPP',
      issuedAt: NOW - 1,
    });
  });

  it.each<[string, Changes]>([
    ['no time of completion', { answer: { stateUpdatedAt: MISSING } }],
    ['no method where any counts', { answer: { verificationMethod: MISSING } }],
    ['the method that the policy names', { policy: { methods: ['PASSKEY', 'WHATSAPP'] } }],
    ['requireChallenge', { policy: { requireChallenge: true } }],
    ['the greatest age', { now: NOW + MAX_AGE_MS }],
    [
      'a time of issue as far ahead as is tolerated',
      { answer: { idempotencyKey: keyAt(NOW + AHEAD_MS) } },
    ],
    [
      'a completion as far ahead as is tolerated',
      { answer: { stateUpdatedAt: iso(NOW + AHEAD_MS) } },
    ],
    ['a remark that is no error', { answer: { error: MISSING, token: 'ignored' } }],
  ])('may have %s', (_name, changes) => {
    expect(check(changes).outcome).toBe('counts');
  });
});

/** Exactly one thing is wrong in each. The first of a pair says what `checkProof` must answer. */
const BROKEN: readonly [string, ReturnType<typeof refused> | { outcome: 'failed' }, Changes][] = [
  ...ACTION_STATES.filter((state) => state !== 'CHALLENGE_SUCCEEDED').map(
    (state): [string, ReturnType<typeof refused>, Changes] => [
      `state ${state}`,
      refused(state === 'CHALLENGE_REQUIRED' ? 'challenge_pending' : 'proof_invalid'),
      { answer: { state } },
    ],
  ),
  ...[
    '',
    'challenge_succeeded',
    'PASSED',
    '__proto__',
    7,
    null,
    ['CHALLENGE_SUCCEEDED'],
    MISSING,
  ].map((state): [string, ReturnType<typeof refused>, Changes] => [
    `state ${String(state)} of ${typeof state}`,
    refused('proof_invalid'),
    { answer: { state } },
  ]),
  ...[false, 'true', 1, null, {}, MISSING].map(
    (isValid): [string, ReturnType<typeof refused>, Changes] => [
      `isValid ${String(isValid)} of ${typeof isValid}`,
      refused('proof_invalid'),
      { answer: { isValid } },
    ],
  ),
  ...['userId', 'action', 'idempotencyKey'].flatMap((field) =>
    ['', 'other', 'Alice', 'PAY', 'alice ', 7, null, ['alice'], ['pay'], MISSING].map(
      (value): [string, ReturnType<typeof refused>, Changes] => [
        `${field} ${String(value)} of ${typeof value}`,
        refused('proof_invalid'),
        { answer: { [field]: value } },
      ],
    ),
  ),
  ['a key in a list', refused('proof_invalid'), { answer: { idempotencyKey: [keyAt(NOW)] } }],
  [
    'a key cut short',
    refused('proof_invalid'),
    { answer: { idempotencyKey: keyAt(NOW).slice(0, -1) } },
  ],
  [
    'a key in another version',
    refused('proof_invalid'),
    { answer: { idempotencyKey: keyAt(NOW).replace('v1', 'v2') } },
  ],
  [
    'a method of another type',
    refused('proof_invalid'),
    { answer: { verificationMethod: ['WHATSAPP'] } },
  ],
  ['a method that is null', refused('proof_invalid'), { answer: { verificationMethod: null } }],
  ['another method', refused('method_not_allowed'), { policy: { methods: ['PASSKEY'] } }],
  [
    'no method where one is needed',
    refused('method_not_allowed'),
    { policy: { methods: ['WHATSAPP'] }, answer: { verificationMethod: MISSING } },
  ],
  [
    'an age of a millisecond too many',
    refused('proof_expired'),
    { now: NOW + MAX_AGE_MS + 1, answer: { stateUpdatedAt: MISSING } },
  ],
  [
    'issued a millisecond too far ahead',
    refused('proof_invalid'),
    { answer: { idempotencyKey: keyAt(NOW + AHEAD_MS + 1) } },
  ],
  [
    'completed a millisecond too far ahead',
    refused('proof_invalid'),
    { answer: { stateUpdatedAt: iso(NOW + AHEAD_MS + 1) } },
  ],
  [
    'completed a millisecond too long ago',
    refused('proof_expired'),
    { answer: { stateUpdatedAt: iso(NOW - MAX_AGE_MS - 1) } },
  ],
  ...['', 'yesterday', 'NaN', 7, null, {}].map(
    (stateUpdatedAt): [string, ReturnType<typeof refused>, Changes] => [
      `completed at ${String(stateUpdatedAt)} of ${typeof stateUpdatedAt}`,
      refused('proof_invalid'),
      { answer: { stateUpdatedAt } },
    ],
  ),
  ['a clock that does not know the time', refused('proof_invalid'), { now: Number.NaN }],
  [
    'ALLOW where a challenge is required',
    { outcome: 'failed' },
    { answer: { state: 'ALLOW' }, policy: { requireChallenge: true } },
  ],
];

describe('a proof with one thing wrong', () => {
  it('comes in more than sixty kinds', () => {
    expect(BROKEN.length).toBeGreaterThan(60);
    expect(new Set(BROKEN.map(([name]) => name)).size).toBe(BROKEN.length);
  });

  it.each(BROKEN)('never counts: %s', (_name, wanted, changes) => {
    expect(check(changes)).toEqual(wanted);
  });

  it.each<[keyof BindingContext, unknown]>([
    ['subject', 'bob'],
    ['session', null],
    ['session', 'sid-2'],
    ['action', 'refund'],
    ['method', 'PUT'],
    ['route', '/payments'],
    ['params', { id: '8' }],
    ['params', {}],
    ['bound', { amount: 101 }],
    ['bound', { amount: '100' }],
    ['bound', null],
  ])('is for another request if its %s was %j', (field, value) => {
    const idempotencyKey = binding.issue({ ...context, [field]: value }, NOW);
    expect(check({ answer: { idempotencyKey } })).toEqual(refused('binding_mismatch'));
  });

  it.each([
    ['audience', bindingOf('audience-two')],
    ['secret', bindingOf('audience-one', 'another-secret-of-the-tests')],
  ])('is for another request if its %s was another', (_name, other) => {
    const idempotencyKey = other.issue(context, NOW);
    expect(check({ answer: { idempotencyKey } })).toEqual(refused('binding_mismatch'));
  });
});

describe('every combination of state, isValid and requireChallenge', () => {
  const cases = combinations({
    state: [...ACTION_STATES, 'UNKNOWN', MISSING],
    isValid: [true, false, MISSING],
    requireChallenge: [true, false],
    methods: [undefined, ['WHATSAPP'], ['PASSKEY']],
  });

  it('counts in four of 180', () => {
    expect(cases).toHaveLength(180);
    const counting = cases.filter(
      ({ state, isValid, ...rules }) =>
        check({ answer: { state, isValid }, policy: rules }).outcome === 'counts',
    );
    expect(counting).toHaveLength(4);
    for (const { state, isValid, methods } of counting) {
      expect({ state, isValid }).toEqual({ state: 'CHALLENGE_SUCCEEDED', isValid: true });
      expect(methods).not.toEqual(['PASSKEY']);
    }
  });

  it('ends in a failed verification for ALLOW under requireChallenge alone', () => {
    for (const { state, isValid, requireChallenge, methods } of cases) {
      const { outcome } = check({
        answer: { state, isValid },
        policy: { requireChallenge, methods },
      });
      expect(outcome === 'failed').toBe(state === 'ALLOW' && requireChallenge);
    }
  });
});
