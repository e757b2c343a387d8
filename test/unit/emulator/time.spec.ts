import { createSecretKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { RateLimits } from '../../../src/emulator/rate-limits.js';
import { EmulatorState } from '../../../src/emulator/state.js';
import { RawClient } from './raw-client.js';

const PHONE = '+64211234567';
const START = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;

let emulator: Emulator;
let api: RawClient;
beforeEach(async () => {
  emulator = await startEmulator({
    tenantId: 'bank',
    defaultOutcome: 'CHALLENGE',
    clock: { now: () => START },
  });
  api = new RawClient(emulator);
  emulator.users.enroll('ann', { phoneNumber: PHONE });
});
afterEach(() => emulator.stop());

describe('tokens', () => {
  it('have the claims of Authsignal’s, on the emulator’s clock', async () => {
    const { token, idempotencyKey } = await api.track('ann', 'pay', { username: 'Ann' });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const address = 'https://challenge.authsignal.com/bank';
    expect(decodeJwt(token)).toEqual({
      sub: 'ann',
      iss: address,
      aud: address,
      iat: START / 1000,
      exp: START / 1000 + 600,
      jti: expect.any(String),
      scope: 'read:authenticators',
      other: {
        tenantId: 'bank',
        publishableKey: 'bank',
        userId: 'ann',
        actionCode: 'pay',
        idempotencyKey,
        username: 'Ann',
      },
    });
  });

  it('carry the scope that was tracked, and after a challenge all of them', async () => {
    const { token } = await api.track('ann', 'pay', { scope: 'add:authenticators' });
    expect(decodeJwt(token).scope).toBe('add:authenticators');
    const access = await api.complete(token, PHONE);
    expect(String(decodeJwt(access).scope).split(' ')).toContain('update:authenticators');
    expect(decodeJwt(access).jti).not.toBe(decodeJwt(token).jti);
  });

  it('live for ten minutes, and are re-usable until then', async () => {
    const { token } = await api.track('ann', 'pay');
    const access = await api.complete(token, PHONE);
    emulator.clock.advance(10 * MINUTE - 1_000);
    for (let time = 0; time < 2; time += 1) {
      expect((await api.validate(access)).body.isValid).toBe(true);
    }
    emulator.clock.advance(1_000);
    expect((await api.validate(access)).body).toEqual({
      isValid: false,
      error: 'Token is invalid.',
    });
    expect((await api.challenge(token)).body).toMatchObject({ errorCode: 'expired_token' });
  });

  it.each([
    ['another secret', 'other-secret', 'bank', 'HS256'],
    ['another tenant', 'emulator-secret', 'shop', 'HS256'],
    ['another algorithm', 'emulator-secret', 'bank', 'HS512'],
  ])('of %s are none', async (_what, secret, tenantId, alg) => {
    const { token } = await api.track('ann', 'pay');
    const address = `https://challenge.authsignal.com/${tenantId}`;
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg })
      .setIssuer(address)
      .setAudience(address)
      .sign(createSecretKey(Buffer.from(secret)));
    expect((await api.validate(forged)).body).toMatchObject({ isValid: false });
    expect(await api.challenge(forged)).toMatchObject({
      status: 401,
      body: { errorCode: 'unauthorized' },
    });
  });

  it('of a deleted user cannot be challenged', async () => {
    const { token } = await api.track('ann', 'pay');
    await api.server('DELETE', '/users/ann?actions=true');
    expect((await api.challenge(token)).status).toBe(401);
    expect((await api.verify(token, '123456')).status).toBe(401);
    expect((await api.validate(token)).body).toMatchObject({ isValid: false });
  });
});

describe('the clock', () => {
  it('stands on its source and can be moved', () => {
    expect(emulator.clock.now()).toBe(START);
    emulator.clock.advance(5);
    expect(emulator.clock.now()).toBe(START + 5);
    emulator.clock.set(START - 5);
    expect(emulator.clock.now()).toBe(START - 5);
  });

  it('dates what is recorded', async () => {
    emulator.clock.advance(MINUTE);
    const { token, idempotencyKey } = await api.track('ann', 'pay');
    emulator.clock.advance(MINUTE);
    await api.complete(token, PHONE);
    const { body } = await api.server('GET', `/users/ann/actions/pay/${idempotencyKey}`);
    expect(body).toMatchObject({
      createdAt: '2030-01-01T00:01:00.000Z',
      stateUpdatedAt: '2030-01-01T00:02:00.000Z',
    });
    emulator.clock.advance(31 * 24 * 60 * MINUTE);
    expect((await api.server('GET', '/users/ann/actions')).body).toEqual([]);
  });
});

describe('limits', () => {
  const send = (phoneNumber: string) =>
    api.server('POST', '/challenge', {
      verificationMethod: 'WHATSAPP',
      action: 'signIn',
      phoneNumber,
    });

  it('let six messages through in any ten minutes, for each number', async () => {
    for (let count = 0; count < 6; count += 1) {
      expect((await send(PHONE)).status).toBe(200);
      emulator.clock.advance(MINUTE);
    }
    const limited = await send(PHONE);
    expect(limited).toMatchObject({
      status: 429,
      body: { error: 'too_many_requests', errorCode: 'too_many_requests' },
    });
    expect(limited.headers.get('retry-after')).toBe('240');
    expect((await send('+64219876543')).status).toBe(200);
    emulator.clock.advance(4 * MINUTE);
    expect((await send(PHONE)).status).toBe(200);
    expect((await send(PHONE)).status).toBe(429);
    expect(emulator.inbox.messages(PHONE)).toHaveLength(7);
  });

  it('let ten codes be tried in any five minutes, over all challenges of a number', async () => {
    const first = await send(PHONE);
    const second = await send(PHONE);
    const verify = (challenge: typeof first) =>
      api.server('POST', '/verify', {
        challengeId: challenge.body.challengeId,
        verificationCode: 'no',
      });
    for (let count = 0; count < 5; count += 1) {
      expect((await verify(first)).status).toBe(200);
      expect((await verify(second)).status).toBe(200);
    }
    const limited = await verify(first);
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('300');
    emulator.clock.advance(5 * MINUTE);
    expect((await verify(first)).status).toBe(200);
  });

  it('end a code after ten minutes', async () => {
    const { body } = await send(PHONE);
    const verificationCode = await emulator.inbox.waitForCode(PHONE);
    emulator.clock.advance(10 * MINUTE);
    const { challengeId } = body;
    expect((await api.server('POST', '/verify', { challengeId, verificationCode })).body).toEqual({
      isVerified: false,
      failureReason: 'CODE_INVALID_OR_EXPIRED',
    });
    expect((await api.server('GET', `/challenges?challengeId=${challengeId}`)).body).toEqual({});
    expect(await api.server('POST', '/claim', { challengeId, userId: 'ann' })).toMatchObject({
      status: 400,
    });
  });

  it('can be set', async () => {
    const small = await startEmulator({
      limits: {
        codeLength: 4,
        attemptsPerChallenge: 2,
        tokenLifetimeMs: 1_000,
        challengeLifetimeMs: 2_000,
        sends: { max: 1, windowMs: 1_000 },
      },
      clock: { now: () => START },
    });
    const client = new RawClient(small);
    const request = { verificationMethod: 'SMS', action: 'a', phoneNumber: PHONE };
    const { body } = await client.server('POST', '/challenge', request);
    expect(body.expiresAt).toBe(START / 1000 + 2);
    expect(small.inbox.latest(PHONE)?.code).toMatch(/^\d{4}$/);
    expect((await client.server('POST', '/challenge', request)).status).toBe(429);
    const wrong = { challengeId: body.challengeId, verificationCode: 'no' };
    const reasons = [
      (await client.server('POST', '/verify', wrong)).body.failureReason,
      (await client.server('POST', '/verify', wrong)).body.failureReason,
    ];
    expect(reasons).toEqual(['CODE_INVALID_OR_EXPIRED', 'MAX_ATTEMPTS_EXCEEDED']);
    const { token } = await client.track('ann', 'pay');
    small.clock.advance(1_000);
    expect((await client.challenge(token)).body).toMatchObject({ errorCode: 'expired_token' });
    await small.stop();
  });
});

describe('many at once', () => {
  it('verify one code once', async () => {
    const { token } = await api.track('ann', 'pay');
    await api.challenge(token);
    const code = await emulator.inbox.waitForCode(PHONE);
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.verify(token, code)));
    expect(answers.filter(({ body }) => body.isVerified === true)).toHaveLength(1);
  });

  it('track one key into one record', async () => {
    const body = { idempotencyKey: 'one' };
    const tracked = await Promise.all(
      Array.from({ length: 20 }, () => api.track('ann', 'pay', body)),
    );
    expect(new Set(tracked.map(({ token }) => token)).size).toBe(20);
    expect(emulator.actions.records({ idempotencyKey: 'one' })).toHaveLength(1);
  });

  it('numbers do not pile up in the limits', () => {
    let now = 0;
    const state = new EmulatorState();
    const limits = new RateLimits(state, { now: () => now });
    const limit = { max: 1, windowMs: 1_000 };
    limits.take('verify', 'kept', { max: 1, windowMs: 10_000 });
    for (let index = 0; index < 10_000; index += 1) limits.take('send', String(index), limit);
    now = 1_000;
    expect(limits.take('send', 'later', limit)).toBe(0);
    expect([...state.hits.keys()]).toEqual(['verify kept', 'send later']);
    expect(limits.take('verify', 'kept', { max: 1, windowMs: 10_000 })).toBe(9_000);
  });
});
