import { beforeEach, describe, expect, it } from '@jest/globals';
import { faultOf } from '../../soak/contract.mjs';
import { Dice } from '../../soak/dice.mjs';
import { verdictOn } from '../../soak/memory.mjs';
import { Oracle } from '../../soak/oracle.mjs';
import { Tally } from '../../soak/tally.mjs';

const DEED = {
  action: 'pay',
  user: 'ann',
  session: 's1',
  method: 'POST',
  path: '/payments',
  body: { amount: 1, payee: 'bob' },
};
const GIVEN = { request: '7', methods: ['WHATSAPP'] };
const PROVEN = { by: 'challenge', proofId: 'key' };
const MINUTE = 60_000;

let tally: Tally;
let oracle: Oracle;
let time: number;

beforeEach(() => {
  tally = new Tally();
  time = 0;
  oracle = new Oracle({ tally, now: () => time, maxAgeMs: 5 * MINUTE });
});

const rules = () => tally.violations.map(({ rule }) => rule);

/** A challenge for the deed, answered as it should be. */
function prove(method = 'WHATSAPP'): void {
  oracle.asked('key', 'ann', 'pay');
  oracle.refused('key', DEED);
  oracle.completed('key', method);
}

describe("the soak's oracle", () => {
  it('lets what was proven run once, whatever the order of the fields', () => {
    prove();
    const found = oracle.begins(PROVEN, { ...DEED, body: { payee: 'bob', amount: 1 } }, GIVEN);
    oracle.ends(found, false);
    expect(rules()).toEqual([]);
  });

  it.each([
    ['while the first still runs', (): void => undefined],
    ['after the first', (found: ReturnType<Oracle['begins']>) => oracle.ends(found, false)],
  ])('notices a second run %s', (_when, between) => {
    prove();
    between(oracle.begins(PROVEN, DEED, GIVEN));
    oracle.begins(PROVEN, DEED, GIVEN);
    expect(rules()).toEqual(['ran twice on one proof']);
  });

  it('lets a proof that was given back run once more', () => {
    prove();
    oracle.ends(oracle.begins(PROVEN, DEED, GIVEN), true);
    oracle.ends(oracle.begins(PROVEN, DEED, GIVEN), false);
    expect(rules()).toEqual([]);
    oracle.begins(PROVEN, DEED, GIVEN);
    expect(rules()).toEqual(['ran twice on one proof']);
  });

  it.each([
    ['another body', { body: { amount: 2, payee: 'bob' } }, 'the request is another one'],
    ['no body', { body: undefined }, 'the request is another one'],
    ['another path', { path: '/payments?x=1' }, 'the request is another one'],
    ['another method', { method: 'PUT' }, 'the request is another one'],
    ['another session', { session: 's2' }, 'the request is another one'],
    ['another user', { user: 'eve' }, 'a challenge of somebody else'],
    ['another action', { action: 'transfer' }, 'a challenge for another action'],
  ])('notices %s', (_what, changes, why) => {
    prove();
    oracle.begins(PROVEN, { ...DEED, ...changes }, GIVEN);
    expect(rules()).toEqual([`ran unproven: ${why}`]);
  });

  it('notices what nobody answered, or not as the route wants it', () => {
    oracle.asked('key', 'ann', 'pay');
    oracle.refused('key', DEED);
    oracle.begins(PROVEN, DEED, GIVEN);
    oracle.completed('key', 'SMS');
    oracle.begins(PROVEN, DEED, GIVEN);
    expect(rules()).toEqual([
      'ran unproven: the challenge is not completed',
      'ran unproven: the method does not count',
    ]);
  });

  it('notices a proof that is too old, or made up', () => {
    prove();
    time = 8 * MINUTE;
    oracle.begins(PROVEN, DEED, GIVEN);
    oracle.begins({ by: 'challenge', proofId: 'other' }, DEED, GIVEN);
    oracle.begins({ by: 'challenge' }, DEED, GIVEN);
    expect(tally.violations).toMatchObject([
      { rule: 'ran unproven: the challenge is too old', count: 1 },
      { rule: 'ran unproven: no such challenge', count: 2 },
    ]);
  });

  it('knows for each request whether the rules allowed it, and lets nothing else in', () => {
    oracle.allowed('7');
    oracle.begins({ by: 'rules' }, DEED, GIVEN);
    expect(rules()).toEqual([]);
    oracle.begins({ by: 'rules' }, DEED, GIVEN);
    oracle.begins({ by: 'unavailable' }, DEED, GIVEN);
    expect(rules()).toEqual([
      'ran unproven: no rule allowed it',
      'ran unproven: approved by unavailable',
    ]);
  });

  it('notices a challenge that Authsignal never issued, or that two requests were given', () => {
    oracle.refused('key', DEED);
    oracle.asked('key', 'ann', 'pay');
    oracle.refused('key', DEED);
    oracle.refused('key', { ...DEED, body: {} });
    expect(tally.violations).toMatchObject([{ count: 2 }]);
  });
});

describe("the soak's reading of answers", () => {
  const sent = {
    request: '7',
    action: 'pay',
    isSignedIn: true,
    hasProof: false,
    wasSentBefore: false,
    failing: undefined,
  };
  const problem = (status: number, json: object, headers = {}) => ({
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
    text: JSON.stringify(json),
    json: { status, ...json },
  });
  const plain = (status: number, json: object) => ({
    status,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify(json),
    json,
  });
  const challenge = {
    code: 'step_up_required',
    action: 'pay',
    challenge: { token: 'a.b.c', url: 'https://x', methods: [] },
    retry: { header: 'Step-Up-Proof' },
  };

  it.each([
    ['a result', plain(201, { request: '7' }), {}],
    ['a handler that failed', plain(500, { request: '7' }), { failing: 'throws' }],
    ['a handler that found nothing', plain(404, { request: '7' }), { failing: '404' }],
    ['a challenge', problem(403, challenge), {}],
    [
      'a challenge in answer to a proof',
      problem(403, { ...challenge, reason: 'proof_invalid' }),
      { hasProof: true },
    ],
    ['used', problem(409, { code: 'step_up_consumed' }), { wasSentBefore: true }],
    ['away', problem(503, { code: 'step_up_unavailable' }, { 'retry-after': '2' }), {}],
    ['nobody', problem(401, { code: 'step_up_unauthenticated' }), { isSignedIn: false }],
    ['misconfigured', problem(500, { code: 'step_up_misconfigured' }), {}],
  ])('takes %s', (_name, answer, changes) => {
    expect(faultOf(answer, { ...sent, ...changes })).toBeUndefined();
  });

  it.each([
    ['no JSON', { ...plain(201, {}), json: undefined }, {}],
    ['the secret', { ...plain(201, { request: '7' }), text: 'secret-key-of-the-soak' }, {}],
    ['an answer of another', plain(201, { request: '8' }), {}],
    ['another status', plain(200, { request: '7' }), {}],
    ['a run for nobody', plain(201, { request: '7' }), { isSignedIn: false }],
    ['another code', problem(403, { code: 'forbidden' }), {}],
    ['another status than the code’s', problem(401, challenge), {}],
    ['what may be cached', problem(403, challenge, { 'cache-control': 'private' }), {}],
    ['a challenge without a token', problem(403, { ...challenge, challenge: {} }), {}],
    ['a challenge for another action', problem(403, { ...challenge, action: 'x' }), {}],
    ['a reason for nothing', problem(403, { ...challenge, reason: 'proof_invalid' }), {}],
    ['no reason', problem(403, challenge), { hasProof: true }],
    ['used, at its first use', problem(409, { code: 'step_up_consumed' }), {}],
    ['away for ever', problem(503, { code: 'step_up_unavailable' }), {}],
    ['nobody for somebody', problem(401, { code: 'step_up_unauthenticated' }), {}],
  ])('refuses %s', (_name, answer, changes) => {
    expect(faultOf(answer, { ...sent, ...changes })).toEqual(expect.any(String));
  });
});

describe("the soak's view of the memory", () => {
  const grown = (bytes: number) =>
    Array.from({ length: 10 }, (_each, index) => ({
      sent: index * 10_000,
      megabytes: 30 + (bytes * index * 10_000) / 1024 ** 2,
    }));

  it('is flat, or is not, and says by how much it grows', () => {
    expect(verdictOn(grown(0))).toMatchObject({ isFlat: true, slope: 0 });
    const leaking = verdictOn(grown(200));
    expect(leaking.isFlat).toBe(false);
    expect(leaking.slope).toBeCloseTo(200);
  });

  it('does not look at the warm-up, and says nothing of too few samples', () => {
    const [first, ...rest] = grown(0);
    expect(verdictOn([{ sent: first?.sent ?? 0, megabytes: 1 }, ...rest]).isFlat).toBe(true);
    expect(verdictOn(grown(0).slice(0, 2)).isFlat).toBe(false);
  });
});

describe("the soak's dice", () => {
  it('fall the same for the same seed, and as they are weighted', () => {
    const draw = (seed: number) => {
      const dice = new Dice(seed);
      return Array.from({ length: 2_000 }, () => dice.weighted({ often: 9, seldom: 1, never: 0 }));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const seldom = draw(3).filter((name) => name === 'seldom').length;
    expect(seldom).toBeGreaterThan(140);
    expect(seldom).toBeLessThan(260);
    expect(draw(3)).not.toContain('never');
  });
});
