import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { RawClient } from './raw-client.js';

const ACTION = 'pay';
let emulator: Emulator;
let api: RawClient;
let users = 0;
let userId = '';
let phoneNumber = '';
let email = '';

beforeAll(async () => {
  emulator = await startEmulator({
    actions: { [ACTION]: { outcome: 'CHALLENGE' } },
    clock: { now: () => 1_800_000_000_000 },
  });
  api = new RawClient(emulator);
});
afterAll(() => emulator.stop());
beforeEach(() => {
  users += 1;
  userId = `user-${users}`;
  phoneNumber = `+6421${String(6_000_000 + users)}`;
  email = `${userId}@bank.test`;
  Object.assign(emulator.switches, { missingScope: 'verify-only', clientNumber: 'enrolled' });
});

const client = (token: string, path: string, body?: object) =>
  api.send('POST', `/client/${path}`, `Bearer ${token}`, body);
const track = async (more: object = {}) => (await api.track(userId, ACTION, more)).token;
const authenticators = () => emulator.users.get(userId)?.authenticators ?? [];
const verify = async (token: string, method: string, code: string) =>
  (await client(token, `verify/${method}`, { verificationCode: code })).body;

describe.each([
  ['sms', 'SMS', 'SMS', () => phoneNumber],
  ['email-otp', 'EMAIL_OTP', 'EMAIL', () => email],
] as const)('%s', (segment, verificationMethod, channel, to) => {
  const contact = () => (verificationMethod === 'SMS' ? { phoneNumber } : { email });

  it('sends a code and completes the action with it', async () => {
    emulator.users.enroll(userId, { verificationMethod, ...contact() });
    const token = await track();
    const { body } = await client(token, `challenge/${segment}`);
    expect(body).toEqual({ challengeId: expect.any(String) });
    expect(emulator.inbox.latest(to())).toMatchObject({ channel, userId, action: ACTION });
    const code = await emulator.inbox.waitForCode(to());
    expect(await verify(token, 'whatsapp', code)).toMatchObject({ isVerified: false });
    expect(await verify(token, segment, code)).toEqual({
      isVerified: true,
      accessToken: expect.any(String),
    });
    expect((await api.validate(token)).body).toMatchObject({ isValid: true, verificationMethod });
  });

  it('adds what the user gives, once its code was verified', async () => {
    const token = await track();
    const added = await client(token, `user-authenticators/${segment}`, contact());
    expect(added.body).toEqual({ userAuthenticatorId: expect.any(String), userId });
    expect(authenticators()).toEqual([]);
    expect((await api.server('GET', `/users/${userId}`)).body).toMatchObject({ isEnrolled: false });
    await client(token, `challenge/${segment}`);
    const code = await emulator.inbox.waitForCode(to());
    expect(await verify(token, segment, code)).toMatchObject({
      isVerified: true,
      userAuthenticator: { userAuthenticatorId: added.body.userAuthenticatorId, ...contact() },
    });
    expect(authenticators()).toMatchObject([{ verificationMethod, ...contact() }]);
  });

  it('refuses what nothing can be sent to', async () => {
    const token = await track();
    for (const wrong of ['', 'nobody', '0211234567', 7, null]) {
      const body = verificationMethod === 'SMS' ? { phoneNumber: wrong } : { email: wrong };
      const answer = await client(token, `user-authenticators/${segment}`, body);
      expect(answer).toMatchObject({ status: 400, body: { errorCode: 'invalid_request' } });
    }
  });

  it('adds nothing for a user who has something else, without the scope', async () => {
    emulator.users.enroll(userId, { phoneNumber: `${phoneNumber}1` });
    const token = await track();
    const refused = await client(token, `user-authenticators/${segment}`, contact());
    expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
    expect((await client(token, `challenge/${segment}`)).status).toBe(400);
    expect(emulator.inbox.messages(to())).toEqual([]);
    expect(await verify(token, segment, '123456')).toMatchObject({ isVerified: false });

    const scoped = await track({ scope: 'add:authenticators' });
    await client(scoped, `user-authenticators/${segment}`, contact());
    await client(scoped, `challenge/${segment}`);
    await verify(scoped, segment, await emulator.inbox.waitForCode(to()));
    expect(authenticators().map((one) => one.verificationMethod)).toEqual([
      'WHATSAPP',
      verificationMethod,
    ]);
  });
});

describe('a number that is being added', () => {
  const other = () => `${phoneNumber}5`;
  const add = (token: string, number: string) =>
    client(token, 'user-authenticators/sms', { phoneNumber: number });

  it('can be corrected; the code to the first is dead', async () => {
    const token = await track();
    await add(token, other());
    await client(token, 'challenge/sms');
    const old = await emulator.inbox.waitForCode(other());
    await add(token, phoneNumber);
    expect(await verify(token, 'sms', old)).toMatchObject({ isVerified: false });
    await client(token, 'challenge/sms');
    expect(await verify(token, 'sms', old)).toMatchObject({ isVerified: false });
    await verify(token, 'sms', await emulator.inbox.waitForCode(phoneNumber));
    expect(authenticators()).toMatchObject([{ phoneNumber }]);
  });

  it('is worth nothing once somebody has enrolled something else', async () => {
    const token = await track();
    await add(token, phoneNumber);
    await client(token, 'challenge/sms');
    const code = await emulator.inbox.waitForCode(phoneNumber);
    emulator.users.enroll(userId, { verificationMethod: 'SMS', phoneNumber: other() });
    expect(await verify(token, 'sms', code)).toMatchObject({ isVerified: false });
    await client(token, 'challenge/sms');
    expect(emulator.inbox.latest(other())).toBeDefined();
  });

  it('replaces the enrolled one of its method with the scope for that, and keeps its id', async () => {
    const { userAuthenticatorId } = emulator.users.enroll(userId, {
      verificationMethod: 'SMS',
      phoneNumber: other(),
    });
    expect((await add(await track({ scope: 'add:authenticators' }), phoneNumber)).status).toBe(403);
    const token = await track({ scope: 'update:authenticators' });
    expect((await add(token, phoneNumber)).body).toEqual({ userAuthenticatorId, userId });
    await client(token, 'challenge/sms');
    await verify(token, 'sms', await emulator.inbox.waitForCode(phoneNumber));
    expect(authenticators()).toMatchObject([{ userAuthenticatorId, phoneNumber }]);
  });

  it('belongs to the action that it was added with', async () => {
    await add(await track(), phoneNumber);
    expect((await client(await track(), 'challenge/sms')).status).toBe(400);
  });

  it('needs a method that is enabled, and a user who is still there', async () => {
    const small = await startEmulator({ verificationMethods: ['WHATSAPP'] });
    const lone = new RawClient(small);
    const { token } = await lone.track('ann', ACTION);
    const ask = (path: string) =>
      lone.send('POST', path, `Bearer ${token}`, { phoneNumber: '+64211234567' });
    expect((await ask('/client/user-authenticators/sms')).body).toMatchObject({
      errorDescription: 'SMS is not an enabled verification method',
    });
    small.users.delete('ann');
    expect((await ask('/client/user-authenticators/sms')).status).toBe(401);
    await small.stop();
  });

  it('is added without the scope if the switch says so', async () => {
    emulator.users.enroll(userId, { phoneNumber: other() });
    emulator.switches.missingScope = 'enrol';
    const token = await track();
    await add(token, phoneNumber);
    await client(token, 'challenge/sms');
    await verify(token, 'sms', await emulator.inbox.waitForCode(phoneNumber));
    expect(authenticators()).toHaveLength(2);
  });
});

describe('the channel of an SMS challenge', () => {
  it('is the one that was asked for', async () => {
    emulator.users.enroll(userId, { verificationMethod: 'SMS', phoneNumber });
    const token = await track();
    await client(token, 'challenge/sms', { smsChannel: 'WHATSAPP' });
    expect(emulator.inbox.latest(phoneNumber)?.channel).toBe('WHATSAPP');
    await client(token, 'challenge/sms', { smsChannel: 'DEFAULT' });
    expect(emulator.inbox.latest(phoneNumber)?.channel).toBe('SMS');
    expect((await client(token, 'challenge/sms', { smsChannel: 'PIGEON' })).status).toBe(400);
  });

  it('keeps both codes good where WhatsApp and SMS were both asked for', async () => {
    emulator.users.enroll(userId, { verificationMethod: 'SMS', phoneNumber });
    emulator.users.enroll(userId, { phoneNumber });
    const token = await track();
    await client(token, 'challenge/whatsapp');
    const first = await emulator.inbox.waitForCode(phoneNumber);
    await client(token, 'challenge/sms');
    expect(await verify(token, 'whatsapp', first)).toMatchObject({ isVerified: true });
  });
});

describe('what the pre-built UI asks for', () => {
  const session = async (token: string) => {
    const answer = await fetch(`${emulator.url}/challenge/session`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const enrolment = (token: string, number: unknown) =>
    fetch(`${emulator.url}/challenge/enrolment`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ phoneNumber: number }),
    });

  it('is told with a token alone', async () => {
    expect(await session('nonsense')).toMatchObject({ status: 401 });
    const token = await track();
    emulator.users.delete(userId);
    expect(await session(token)).toMatchObject({ status: 401 });
    emulator.clock.advance(600_001);
    expect(await session(token)).toMatchObject({ body: { errorCode: 'expired_token' } });
  });

  it('names the ways, the default first, and no whole number', async () => {
    emulator.users.enroll(userId, { phoneNumber });
    const given = { verificationMethod: 'EMAIL_OTP', email, isDefault: true };
    await api.server('POST', `/users/${userId}/authenticators`, given);
    const { body } = await session(await track());
    expect(body).toMatchObject({
      action: ACTION,
      state: 'CHALLENGE_REQUIRED',
      isEnrolled: true,
      codeLength: 6,
    });
    expect(body.methods).toEqual([
      { method: 'EMAIL_OTP', sentTo: 'u•••@bank.test' },
      { method: 'WHATSAPP', sentTo: `+64 ••• ${phoneNumber.slice(-3)}` },
    ]);
    expect(body).not.toHaveProperty('enrolment');
    expect(JSON.stringify(body)).not.toContain(phoneNumber);
  });

  it('names no whole number of who has enrolled something and may add that one', async () => {
    const given = { verificationMethod: 'EMAIL_OTP', email };
    await api.server('POST', `/users/${userId}/authenticators`, given);
    const { body } = await session(await track({ phoneNumber, scope: 'add:authenticators' }));
    expect(body.enrolment).toEqual({ methods: expect.arrayContaining(['WHATSAPP']) });
    expect(JSON.stringify(body)).not.toContain(phoneNumber);
  });

  it('tells whether there is a window to look into', async () => {
    expect((await session(await track())).body.hasWindow).toBe(true);
  });

  it('tells the code that is still open, and how long until another is offered', async () => {
    emulator.users.enroll(userId, { phoneNumber });
    const token = await track();
    expect((await session(token)).body).not.toHaveProperty('sent');
    await api.challenge(token);
    emulator.clock.advance(10_000);
    expect((await session(token)).body.sent).toMatchObject({
      method: 'WHATSAPP',
      resendInMs: 20_000,
    });
    emulator.users.enroll(userId, { phoneNumber: `${phoneNumber}1` });
    expect((await session(token)).body).not.toHaveProperty('sent');
  });

  it.each(['http://shop.test/x', 'https://shop.test/?a=1#b'])('leads back to %s', async (url) => {
    expect((await session(await track({ redirectUrl: url }))).body.redirectUrl).toBe(url);
  });
  it.each(['javascript:alert(1)', '/x', 'data:,', 'file:///etc/passwd'])(
    'does not lead to %s',
    async (redirectUrl) => {
      expect((await session(await track({ redirectUrl }))).body).not.toHaveProperty('redirectUrl');
    },
  );

  it('enrols a first WhatsApp number, and none for who has one', async () => {
    const token = await track({ phoneNumber });
    expect((await session(token)).body.enrolment).toEqual({
      methods: ['WHATSAPP', 'SMS'],
      phoneNumber,
    });
    expect((await enrolment(token, 'none')).status).toBe(400);
    expect((await enrolment(token, `${phoneNumber}2`)).status).toBe(200);
    await api.complete(token, `${phoneNumber}2`);
    expect(authenticators()).toMatchObject([
      { verificationMethod: 'WHATSAPP', phoneNumber: `${phoneNumber}2` },
    ]);
    expect((await enrolment(await track(), phoneNumber)).status).toBe(403);
    expect((await enrolment('nonsense', phoneNumber)).status).toBe(401);
  });

  it('is a page that anybody may frame and that loads nothing from elsewhere', async () => {
    const { body } = await api.track(userId, ACTION);
    const answer = await fetch(String(body.url));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/script-src 'self'.*frame-ancestors \*/),
    });
    const files = [...(await answer.text()).matchAll(/"(\/challenge\/[^"]+)"/g)];
    expect(files.length).toBeGreaterThan(1);
    for (const [, path] of files) {
      expect((await fetch(`${emulator.url}${path}`)).status).toBe(200);
    }
  });

  it('is hit by a fault that names nothing, its files are not', async () => {
    const tracked = await api.track(userId, ACTION);
    const remove = emulator.faults.add({ kind: 'status', status: 503 });
    expect((await fetch(String(tracked.body.url))).status).toBe(200);
    expect((await session(tracked.token)).status).toBe(503);
    remove();
    emulator.faults.add({ kind: 'status', status: 502, match: { call: 'page' }, times: 1 });
    expect((await fetch(String(tracked.body.url))).status).toBe(502);
  });
});
