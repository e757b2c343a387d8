import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TrackRequest } from '../../../src/core/authsignal-port.js';
import { FakeAuthsignal } from '../../../src/testing/index.js';
import { bench, challengeIn, requestOf } from '../core/gate-bench.js';

let fake: FakeAuthsignal;
beforeEach(() => {
  fake = new FakeAuthsignal();
});

let keys = 0;
async function track(changes: Partial<TrackRequest> = {}): Promise<string> {
  keys += 1;
  const request = { userId: 'ann', action: 'pay', idempotencyKey: `key-${keys}`, attributes: {} };
  const result = await fake.track({ ...request, ...changes });
  return result.ok ? result.value.state : result.failure.kind;
}

describe('the script of an action', () => {
  it('answers every track until it is told otherwise, and leaves other actions alone', async () => {
    const pay = fake.action('pay');
    expect(await track()).toBe('ALLOW');
    pay.requiresChallenge();
    expect([await track(), await track()]).toEqual(['CHALLENGE_REQUIRED', 'CHALLENGE_REQUIRED']);
    pay.blocks();
    expect(await track()).toBe('BLOCK');
    pay.requiresReview();
    expect(await track()).toBe('REVIEW_REQUIRED');
    pay.allows();
    expect(await track()).toBe('ALLOW');
    fake.outcome('pay', 'BLOCK');
    expect(await track()).toBe('BLOCK');
    expect(await track({ action: 'send' })).toBe('ALLOW');
  });

  it('answers one state after the other, and the last one for all that follow', async () => {
    fake.action('pay').answers('ALLOW', 'BLOCK', 'CHALLENGE_REQUIRED');
    const states = [await track(), await track(), await track(), await track()];
    expect(states).toEqual(['ALLOW', 'BLOCK', 'CHALLENGE_REQUIRED', 'CHALLENGE_REQUIRED']);
  });

  it('decides on what is tracked', async () => {
    fake
      .action('pay')
      .decides(({ attributes }) =>
        Number(attributes.custom?.amount) > 1000 ? 'CHALLENGE_REQUIRED' : 'ALLOW',
      );
    expect(await track({ attributes: { custom: { amount: 1000 } } })).toBe('ALLOW');
    expect(await track({ attributes: { custom: { amount: 1001 } } })).toBe('CHALLENGE_REQUIRED');
  });

  it('lets a user have answers of their own, whenever they were given', async () => {
    fake.action('pay').forUser('bob').blocks();
    fake.action('pay').requiresChallenge();
    expect(await track()).toBe('CHALLENGE_REQUIRED');
    expect(await track({ userId: 'bob' })).toBe('BLOCK');
    fake.action('pay').forUser('bob').answers('ALLOW', 'BLOCK');
    expect([await track({ userId: 'bob' }), await track({ userId: 'bob' })]).toEqual([
      'ALLOW',
      'BLOCK',
    ]);
    expect(fake.action('pay').forUser('carol').tracked).toEqual([]);
    expect(await track({ userId: 'carol' })).toBe('CHALLENGE_REQUIRED');
  });

  it('fails as told, for this action alone, and notes the call', async () => {
    fake.action('pay').fails('timed_out');
    expect(await track()).toBe('timed_out');
    expect(await track({ action: 'send' })).toBe('ALLOW');
    fake.action('pay').allows();
    expect(await track()).toBe('ALLOW');
    expect(fake.action('pay').tracked).toHaveLength(2);
    fake.fail('track', 'server_error');
    expect(await track()).toBe('server_error');
  });

  it('challenges nobody without an authenticator', async () => {
    fake.action('pay').requiresChallenge();
    fake.unenroll('ann');
    expect(await track()).toBe('ALLOW');
    fake.enroll('ann');
    expect(await track()).toBe('CHALLENGE_REQUIRED');
  });

  it('tells what was tracked, of all and of one user', async () => {
    await track({ attributes: { custom: { amount: 5 } } });
    await track({ userId: 'bob' });
    await track({ action: 'send' });
    const pay = fake.action('pay');
    expect(pay.tracked.map(({ userId }) => userId)).toEqual(['ann', 'bob']);
    expect(pay.forUser('ann').tracked).toMatchObject([{ attributes: { custom: { amount: 5 } } }]);
    expect(fake.action('never').tracked).toEqual([]);
  });
});

describe('the calls of a method', () => {
  it('come with their requests, in order', async () => {
    await track();
    await fake.getUser({ userId: 'ann' });
    await fake.getUser({ userId: 'bob' });
    const users: readonly { readonly userId: string }[] = fake.callsOf('getUser');
    expect(users).toEqual([{ userId: 'ann' }, { userId: 'bob' }]);
    expect(fake.callsOf('verify')).toEqual([]);
  });
});

describe('behind a gate', () => {
  it('a script plays a whole story', async () => {
    const { gate, authsignal } = bench();
    const pay = { action: 'pay', attributes: () => ({ custom: { amount: 2000 } }) };
    authsignal
      .action('pay')
      .decides(({ attributes }) =>
        attributes.custom?.amount === 2000 ? 'CHALLENGE_REQUIRED' : 'ALLOW',
      );
    const { challenge } = challengeIn(await gate.evaluate(requestOf(), pay));
    const proof = authsignal.complete(challenge.token);
    const verdict = await gate.evaluate(requestOf({ headers: { 'step-up-proof': proof } }), pay);
    expect(verdict).toMatchObject({ kind: 'approved', approval: { by: 'challenge' } });
    expect(authsignal.action('pay').forUser('alice').tracked).toHaveLength(1);
    expect(authsignal.callsOf('validateChallenge')).toMatchObject([{ token: proof }]);
  });
});
