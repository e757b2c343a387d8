import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { RawClient } from './raw-client.js';

let emulator: Emulator;
let api: RawClient;
let basic: string;
beforeAll(async () => {
  emulator = await startEmulator({ secret: 'se/cr+et==:x', tenantId: 'bank' });
  api = new RawClient(emulator);
  basic = `Basic ${Buffer.from(`${emulator.secret}:`).toString('base64')}`;
});
afterAll(() => emulator.stop());

const error = (code: string) => ({
  error: code,
  errorCode: code,
  errorDescription: expect.any(String),
});

describe('the address', () => {
  it('is loopback, and apiUrl ends in /v1', () => {
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(emulator.apiUrl).toBe(`${emulator.url}/v1`);
  });

  it.each(['../../admin?x=1#', '%2e%2e', 'a/b', 'ünï', "o'neil@bank.test", 'a b'])(
    'takes %j for a user id if it is percent-encoded',
    async (userId) => {
      const tracked = await api.track(userId, 'pay');
      expect(tracked.status).toBe(200);
      expect((await api.validate(tracked.token, { userId })).body).toMatchObject({
        userId,
        state: 'ALLOW',
      });
      const path = `/users/${encodeURIComponent(userId)}/actions/pay/${tracked.idempotencyKey}`;
      expect((await api.server('GET', path)).status).toBe(200);
    },
  );

  it.each([
    ['GET', '/v1/nowhere', 404, 'not_found'],
    ['GET', '/elsewhere', 404, 'not_found'],
    ['PUT', '/v1/validate', 404, 'not_found'],
    ['GET', '/v1/users/', 404, 'not_found'],
    ['GET', '/v1/users/%E0%A4%A', 400, 'invalid_request'],
    ['GET', '/inbox', 404, 'not_found'],
    ['GET', '/v1/authenticators', 501, 'not_implemented'],
    ['POST', '/v1/client/challenge/push', 501, 'not_implemented'],
    ['POST', '/v1/client/verify/totp', 501, 'not_implemented'],
    ['POST', '/v1/client/user-authenticators/whatsapp', 501, 'not_implemented'],
    ['GET', '/challenge/nothing.js', 404, 'not_found'],
  ])('%s %s is %i %s', async (method, path, status, code) => {
    const answer = await fetch(`${emulator.url}${path}`, {
      method,
      headers: { authorization: basic },
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(error(code));
  });
});

describe('the caller', () => {
  it.each([
    ['no header', undefined],
    ['another secret', `Basic ${btoa('other:')}`],
    ['the secret as a password', `Basic ${btoa(':se/cr+et==:x')}`],
    ['a bearer', 'Bearer x'],
    ['half of it', 'Basic'],
  ])('is refused with %s', async (_what, authorization) => {
    const answer = await fetch(`${emulator.apiUrl}/users/ann`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      ...error('unauthorized'),
      errorDescription:
        'The request is unauthorized. Check that your API key and region base URL are correctly configured.',
    });
  });
});

describe('the body', () => {
  it.each([
    ['no JSON', '{"token":', 400],
    ['a list', '[]', 400],
    ['more than 1 MB', JSON.stringify({ token: 'x'.repeat(1_100_000) }), 413],
  ])('is refused: %s', async (_what, body, status) => {
    const answer = await fetch(`${emulator.apiUrl}/validate`, {
      method: 'POST',
      headers: { authorization: basic, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(error('invalid_request'));
  });

  it.each([
    ['POST', '/validate', {}],
    ['POST', '/validate', { token: 1 }],
    ['POST', '/verify', { challengeId: 'x' }],
    ['POST', '/verify', { verificationCode: 'x' }],
    ['POST', '/claim', { challengeId: 'x' }],
    ['POST', '/claim', { userId: 'x' }],
    ['POST', '/challenge', { phoneNumber: '+6421000000' }],
    ['POST', '/challenge', { action: 'a', verificationMethod: 'PIGEON' }],
    ['POST', '/challenge', { action: 'a', verificationMethod: 'EMAIL_OTP', email: 'nobody' }],
    ['POST', '/challenge', { action: 'a', phoneNumber: '+6421000000', scope: 'all' }],
    ['POST', '/challenge', { challengeId: 'unknown' }],
    ['POST', '/users/ann/authenticators', {}],
    ['POST', '/users/ann/authenticators', { verificationMethod: 'WHATSAPP' }],
    ['POST', '/users/ann/authenticators', { verificationMethod: 'EMAIL_OTP' }],
    ['PATCH', '/users/ann', { email: 5 }],
    ['GET', '/users?limit=0&email=a', undefined],
    ['GET', '/users/ann/actions?state=MAYBE', undefined],
    ['GET', '/users/ann/actions?fromDate=yesterday', undefined],
    ['GET', '/challenges', undefined],
  ])('%s %s with %j is 400 invalid_request', async (method, path, body) => {
    expect(await api.server(method, path, body)).toMatchObject({
      status: 400,
      body: error('invalid_request'),
    });
  });

  it('refuses a state that there is not, also for a record that there is', async () => {
    const { idempotencyKey } = await api.track('ann', 'pay');
    const path = `/users/ann/actions/pay/${idempotencyKey}`;
    expect((await api.server('PATCH', path, { state: 'DONE' })).status).toBe(400);
  });

  it('refuses methods that are not enabled, and track if none is', async () => {
    const bare = await startEmulator({ verificationMethods: [] });
    const client = new RawClient(bare);
    expect((await client.track('ann', 'pay')).body).toMatchObject({
      error: 'AUTHENTICATOR_NOT_FOUND',
    });
    const sent = await client.server('POST', '/challenge', {
      verificationMethod: 'WHATSAPP',
      action: 'a',
      phoneNumber: '+6421000000',
    });
    expect(sent.body).toMatchObject({
      error: 'invalid_request',
      errorDescription: 'WHATSAPP is not an enabled verification method',
    });
    await bare.stop();
  });
});

describe('the inbox', () => {
  const to = '+6421333444';
  const send = () =>
    api.server('POST', '/challenge', {
      verificationMethod: 'WHATSAPP',
      action: 'signIn',
      phoneNumber: to,
    });

  it('hands out the newest code that was not read, then the next one to come', async () => {
    await send();
    await send();
    const newest = emulator.inbox.latest(to);
    expect(newest).toMatchObject({ to, channel: 'WHATSAPP', action: 'signIn' });
    expect(newest?.text).toContain(newest?.code);
    expect(await emulator.inbox.waitForCode(to)).toBe(newest?.code);
    const next = emulator.inbox.waitForCode(to);
    await send();
    expect(await next).toBe(emulator.inbox.latest(to)?.code);
    expect(emulator.inbox.messages(to)).toHaveLength(3);
    expect(emulator.inbox.messages()).toHaveLength(3);
    await expect(emulator.inbox.waitForCode(to, { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'code_timeout',
    });
    emulator.inbox.clear();
    expect(emulator.inbox.latest(to)).toBeUndefined();
  });

  it('tells onMessage of each message', async () => {
    const seen: string[] = [];
    const other = await startEmulator({ onMessage: ({ to, code }) => seen.push(`${to} ${code}`) });
    await new RawClient(other).server('POST', '/challenge', {
      verificationMethod: 'SMS',
      action: 'signIn',
      phoneNumber: to,
    });
    expect(seen).toEqual([`${to} ${other.inbox.latest(to)?.code}`]);
    await other.stop();
  });
});
