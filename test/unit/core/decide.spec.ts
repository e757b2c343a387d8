import { describe, expect, it } from '@jest/globals';
import { ACTION_STATES, type TrackAnswer } from '../../../src/core/authsignal-port.js';
import type { CallFailureKind } from '../../../src/core/call-result.js';
import { type Decision, decide, decideFailedTrack } from '../../../src/core/decide.js';
import { combinations } from './gate-bench.js';

type Column = 'outsider' | 'unenrolled' | 'enrolled' | 'unable';

/**
 * The security policy as a table. Who asks, from left to right: a user without an authenticator
 * under `whenUnenrolled: 'allow'`, one under `'deny'`, one with a method that counts, and one whose
 * methods do not count. A pair stands for `requireChallenge` off and on.
 */
const TABLE: Readonly<
  Record<(typeof ACTION_STATES)[number], Record<Column, readonly [Decision, Decision]>>
> = {
  ALLOW: {
    outsider: ['allow', 'allow'],
    unenrolled: ['unenrolled', 'unenrolled'],
    enrolled: ['allow', 'raise'],
    unable: ['allow', 'unenrolled'],
  },
  CHALLENGE_REQUIRED: {
    outsider: ['unenrolled', 'unenrolled'],
    unenrolled: ['unenrolled', 'unenrolled'],
    enrolled: ['challenge', 'challenge'],
    unable: ['unenrolled', 'unenrolled'],
  },
  BLOCK: same('blocked'),
  REVIEW_REQUIRED: same('review_pending'),
  CHALLENGE_FAILED: same('failed'),
  REVIEW_FAILED: same('failed'),
  CHALLENGE_SUCCEEDED: same('unavailable'),
  REVIEW_SUCCEEDED: same('unavailable'),
};

function same(decision: Decision): Record<Column, readonly [Decision, Decision]> {
  const pair = [decision, decision] as const;
  return { outsider: pair, unenrolled: pair, enrolled: pair, unable: pair };
}

const UNKNOWN_STATES = ['', 'allow', 'ALLOW ', 'ALLOWED', 'PASSED', '__proto__', 'constructor'];

/** What the policy counts, what the user has, and whether the user can pass with it. */
const METHODS = [
  { counted: undefined, enrolled: undefined, able: true },
  { counted: undefined, enrolled: [], able: true },
  { counted: undefined, enrolled: ['SMS'], able: true },
  { counted: ['WHATSAPP'], enrolled: undefined, able: true },
  { counted: ['WHATSAPP'], enrolled: ['WHATSAPP'], able: true },
  { counted: ['PASSKEY', 'WHATSAPP'], enrolled: ['SMS', 'WHATSAPP'], able: true },
  { counted: ['WHATSAPP'], enrolled: [], able: false },
  { counted: ['WHATSAPP'], enrolled: ['SMS'], able: false },
  { counted: ['WHATSAPP'], enrolled: ['WHATSAPP_BUSINESS', 'whatsapp'], able: false },
] as const;

const CASES = combinations({
  state: [...ACTION_STATES, ...UNKNOWN_STATES],
  isEnrolled: [true, false],
  requireChallenge: [true, false],
  whenUnenrolled: ['deny', 'allow'],
  methods: METHODS,
} as const);

type Case = (typeof CASES)[number];

function expected({ state, isEnrolled, requireChallenge, whenUnenrolled, methods }: Case) {
  const row = Object.entries(TABLE).find(([name]) => name === state)?.[1];
  const outside = whenUnenrolled === 'allow' ? 'outsider' : 'unenrolled';
  const column = isEnrolled ? (methods.able ? 'enrolled' : 'unable') : outside;
  return row === undefined ? 'unavailable' : row[column][requireChallenge ? 1 : 0];
}

function decided({ state, isEnrolled, requireChallenge, whenUnenrolled, methods }: Case) {
  const answer: TrackAnswer = {
    state,
    token: 'token',
    url: 'https://mfa.authsignal.test',
    idempotencyKey: 'key',
    isEnrolled,
    ...(methods.enrolled === undefined ? {} : { enrolledVerificationMethods: methods.enrolled }),
  };
  return decide(answer, { requireChallenge, whenUnenrolled, methods: methods.counted });
}

describe('decide', () => {
  it('has 15 states under 72 circumstances to answer', () => {
    expect(CASES).toHaveLength(15 * 2 * 2 * 2 * 9);
    expect(new Set(CASES.map((each) => JSON.stringify(each))).size).toBe(15 * 8 * 9);
  });

  it.each([...ACTION_STATES, ...UNKNOWN_STATES])(
    'answers every circumstance of %j by the table',
    (state) => {
      const wrong = CASES.filter(
        (each) => each.state === state && decided(each) !== expected(each),
      );
      expect(
        wrong.map((each) => ({ ...each, decided: decided(each), expected: expected(each) })),
      ).toEqual([]);
    },
  );

  it('lets a handler run for nothing but ALLOW', () => {
    const allowed = CASES.filter((each) => decided(each) === 'allow');
    expect(new Set(allowed.map(({ state }) => state))).toEqual(new Set(['ALLOW']));
    expect(allowed.filter((each) => each.requireChallenge && each.isEnrolled)).toEqual([]);
    expect(allowed.filter((each) => each.whenUnenrolled === 'deny' && !each.isEnrolled)).toEqual(
      [],
    );
  });

  it('hands no challenge to a user without an authenticator', () => {
    const handed = CASES.filter((each) => ['challenge', 'raise'].includes(decided(each)));
    expect(handed.length).toBeGreaterThan(0);
    expect(handed.filter((each) => !each.isEnrolled)).toEqual([]);
  });

  it('takes a state that is no text for an unknown one', () => {
    const untyped: TrackAnswer = JSON.parse('{"isEnrolled":true,"state":["ALLOW"]}');
    const rules = { requireChallenge: false, whenUnenrolled: 'allow', methods: undefined } as const;
    expect(decide(untyped, rules)).toBe('unavailable');
  });
});

/** Whether a failure of `track` is an outage, a mistake of the setup, or neither. */
const FAILURES: Readonly<Record<CallFailureKind, 'outage' | 'setup' | 'other'>> = {
  circuit_open: 'outage',
  overloaded: 'other',
  connection_refused: 'outage',
  timed_out: 'outage',
  connection_reset: 'outage',
  server_error: 'outage',
  unauthorized: 'setup',
  rejected: 'setup',
  unexpected_status: 'setup',
  rate_limited: 'other',
  not_json: 'other',
  wrong_shape: 'other',
  port_threw: 'other',
};

const KINDS = Object.keys(FAILURES) as CallFailureKind[];

const FAILED = combinations({
  kind: KINDS,
  whenUnavailable: ['deny', 'allow'],
  requireChallenge: [true, false],
  proof: ['none', 'sent'],
} as const);

describe('decideFailedTrack', () => {
  it('has 13 failures under 8 circumstances to answer', () => {
    expect(FAILED).toHaveLength(13 * 8);
  });

  it.each(KINDS)('opens, waits or complains after %s exactly as it should', (kind) => {
    for (const each of FAILED.filter((failed) => failed.kind === kind)) {
      const { whenUnavailable, requireChallenge, proof } = each;
      const answer = decideFailedTrack(
        { kind, call: 'track' },
        { whenUnavailable, requireChallenge },
        proof,
      );
      const may = whenUnavailable === 'allow' && !requireChallenge && proof === 'none';
      const wanted = {
        outage: may ? 'allow' : 'unavailable',
        setup: 'misconfigured',
        other: 'unavailable',
      };
      expect({ ...each, answer }).toEqual({ ...each, answer: wanted[FAILURES[kind]] });
    }
  });

  it('opens in exactly five of all cases', () => {
    const opened = FAILED.filter(
      ({ kind, proof, ...policy }) =>
        decideFailedTrack({ kind, call: 'track' }, policy, proof) === 'allow',
    );
    expect(opened.map(({ kind }) => kind).sort()).toEqual(
      [
        'circuit_open',
        'connection_refused',
        'connection_reset',
        'server_error',
        'timed_out',
      ].sort(),
    );
  });
});
