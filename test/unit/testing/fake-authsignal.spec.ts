import { describe, expect, it } from '@jest/globals';
import type { AuthsignalPort } from '../../../src/core/authsignal-port.js';
import type { CallResult } from '../../../src/core/call-result.js';
import { FakeAuthsignal, TestClock } from '../../../src/testing/index.js';

const answerOf = <T>(result: CallResult<T>): T => {
  if (!result.ok) {
    throw new Error(`Failed: ${result.failure.kind}`);
  }
  return result.value;
};

const action = { userId: 'alice', action: 'pay', idempotencyKey: 'key-1' };
const tracked = { ...action, attributes: {} };

describe('FakeAuthsignal', () => {
  it('allows every action of an enrolled user unless told otherwise', async () => {
    const fake = new FakeAuthsignal();
    expect(answerOf(await fake.track(tracked))).toMatchObject({
      state: 'ALLOW',
      isEnrolled: true,
      idempotencyKey: 'key-1',
      enrolledVerificationMethods: ['WHATSAPP'],
    });
    fake.outcome('pay', 'BLOCK');
    expect(answerOf(await fake.track(tracked)).state).toBe('BLOCK');
    expect(answerOf(await fake.track({ ...tracked, action: 'other' })).state).toBe('ALLOW');
  });

  it('challenges nobody without an authenticator, as Authsignal does', async () => {
    const fake = new FakeAuthsignal();
    fake.unenroll('alice');
    fake.outcome('pay', 'CHALLENGE_REQUIRED');
    const answer = answerOf(await fake.track(tracked));
    expect(answer).toMatchObject({ state: 'ALLOW', isEnrolled: false });
    expect(answer).not.toHaveProperty('enrolledVerificationMethods');
    expect(answerOf(await fake.getUser({ userId: 'alice' }))).toEqual({ isEnrolled: false });
    expect(answerOf(await fake.getAuthenticators({ userId: 'alice' }))).toEqual([]);
  });

  it('takes a challenge from required to succeeded, once it is completed', async () => {
    const fake = new FakeAuthsignal();
    fake.outcome('pay', 'CHALLENGE_REQUIRED');
    const { token } = answerOf(await fake.track(tracked));
    const validate = async (sent: string, changes = {}) =>
      answerOf(
        await fake.validateChallenge({ token: sent, userId: 'alice', action: 'pay', ...changes }),
      );
    expect(await validate(token)).toMatchObject({ isValid: false, state: 'CHALLENGE_REQUIRED' });
    const proof = fake.complete(token, 'PASSKEY');
    expect(await validate(proof)).toEqual({
      ...action,
      isValid: true,
      state: 'CHALLENGE_SUCCEEDED',
      verificationMethod: 'PASSKEY',
    });
    expect(await validate(proof, { userId: 'bob' })).toEqual({
      isValid: false,
      error: 'User is invalid.',
    });
    expect(await validate(proof, { action: 'other' })).toEqual({
      isValid: false,
      error: 'Action is invalid.',
    });
    expect(await validate('unknown')).toEqual({ isValid: false, error: 'Token is invalid.' });
    expect(() => fake.complete('unknown')).toThrow(/never handed out this token/);
  });

  it('does not make a challenge of an ALLOW unless the action is updated', async () => {
    const fake = new FakeAuthsignal();
    const { token } = answerOf(await fake.track(tracked));
    const allowed = { token: fake.complete(token), userId: 'alice', action: 'pay' };
    expect(answerOf(await fake.validateChallenge(allowed))).toMatchObject({
      isValid: false,
      state: 'ALLOW',
    });
    answerOf(await fake.updateAction({ ...action, state: 'CHALLENGE_REQUIRED' }));
    expect(answerOf(await fake.getAction(action)).state).toBe('CHALLENGE_REQUIRED');
    const proof = { ...allowed, token: fake.complete(token) };
    expect(answerOf(await fake.validateChallenge(proof)).isValid).toBe(true);
  });

  it('sends codes that are always 123456, and lets what was verified be claimed', async () => {
    const fake = new FakeAuthsignal();
    const request = {
      verificationMethod: 'WHATSAPP',
      action: 'signIn',
      phoneNumber: '+64211234567',
    } as const;
    const { challengeId } = answerOf(await fake.challenge(request));
    expect(answerOf(await fake.challenge({ ...request, challengeId })).challengeId).toBe(
      challengeId,
    );
    expect(await fake.claimChallenge({ challengeId, userId: 'alice' })).toMatchObject({
      ok: false,
      failure: { kind: 'rejected', status: 400 },
    });
    for (const wrong of [
      { challengeId, verificationCode: '000000' },
      { challengeId: 'unknown', verificationCode: '123456' },
    ]) {
      expect(answerOf(await fake.verify(wrong))).toEqual({
        isVerified: false,
        failureReason: 'CODE_INVALID_OR_EXPIRED',
      });
    }
    expect(answerOf(await fake.verify({ challengeId, verificationCode: '123456' }))).toEqual({
      isVerified: true,
      verificationMethod: 'WHATSAPP',
      phoneNumber: '+64211234567',
    });
    expect(answerOf(await fake.claimChallenge({ challengeId, userId: 'alice' }))).toMatchObject({
      verificationMethod: 'WHATSAPP',
    });
    const mail = answerOf(
      await fake.challenge({
        verificationMethod: 'EMAIL_OTP',
        action: 'signIn',
        email: 'a@example.com',
      }),
    );
    expect(
      answerOf(await fake.verify({ challengeId: mail.challengeId, verificationCode: '123456' })),
    ).toMatchObject({ email: 'a@example.com' });
  });

  it('enrolls a verified authenticator', async () => {
    const fake = new FakeAuthsignal();
    fake.unenroll('alice');
    const answer = answerOf(
      await fake.enrollVerifiedAuthenticator({ userId: 'alice', verificationMethod: 'WHATSAPP' }),
    );
    expect(answer.authenticator.verificationMethod).toBe('WHATSAPP');
    expect(answerOf(await fake.getUser({ userId: 'alice' }))).toMatchObject({ isEnrolled: true });
    expect(answerOf(await fake.getAuthenticators({ userId: 'alice' }))).toHaveLength(1);
  });

  it('fails as it is told, until it is told otherwise, and notes every call', async () => {
    const fake = new FakeAuthsignal();
    fake.fail('track', 'timed_out');
    expect(await fake.track(tracked)).toEqual({
      ok: false,
      failure: { kind: 'timed_out', call: 'track' },
    });
    fake.fail('track');
    expect((await fake.track(tracked)).ok).toBe(true);
    const port: AuthsignalPort = fake;
    await port.getUser({ userId: 'alice' });
    expect(fake.calls).toMatchObject([
      { call: 'track', request: tracked },
      { call: 'track', request: tracked },
      { call: 'getUser', request: { userId: 'alice' } },
    ]);
  });
});

describe('TestClock', () => {
  it('stands still until it is moved', () => {
    const clock = new TestClock();
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
    clock.advance(5);
    clock.advance(-2);
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1) + 3);
    clock.set(7);
    expect(clock.now()).toBe(7);
    expect(new TestClock(9).now()).toBe(9);
  });
});
