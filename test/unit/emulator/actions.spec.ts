import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ActionSettings, type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { RawClient } from './raw-client.js';

const PHONE = '+64211234567';
const large: ActionSettings = {
  outcome: 'ALLOW',
  rules: [
    {
      name: 'Large',
      conditions: { '>': [{ var: 'custom.amount' }, 100] },
      outcome: 'CHALLENGE',
      priority: 5,
      verificationMethods: ['WHATSAPP'],
    },
    {
      name: 'Huge',
      conditions: { '>': [{ var: 'custom.amount' }, 10_000] },
      outcome: 'BLOCK',
      priority: 1,
    },
  ],
};

let emulator: Emulator;
let api: RawClient;
beforeAll(async () => {
  emulator = await startEmulator();
  api = new RawClient(emulator);
});
afterAll(() => emulator.stop());
beforeEach(() => {
  emulator.users.enroll('ann', { phoneNumber: PHONE });
  emulator.clock.advance(600_000);
});

describe('the outcome of track', () => {
  it.each([
    ['ALLOW', 'ALLOW', 'ALLOW'],
    ['CHALLENGE', 'CHALLENGE_REQUIRED', 'ALLOW'],
    ['REVIEW', 'REVIEW_REQUIRED', 'REVIEW_REQUIRED'],
    ['BLOCK', 'BLOCK', 'BLOCK'],
  ] as const)('%s is %s, and %s without an authenticator', async (outcome, enrolled, not) => {
    emulator.actions.set('pay', { outcome, rules: [] });
    expect((await api.track('ann', 'pay')).body).toMatchObject({
      state: enrolled,
      isEnrolled: true,
    });
    expect((await api.track('stranger', 'pay')).body).toMatchObject({
      state: not,
      isEnrolled: false,
    });
  });

  it('is ALLOW for an action that nobody configured', async () => {
    expect((await api.track('ann', 'never-heard-of')).state).toBe('ALLOW');
  });

  it('lets the lowest priority number decide and names all rules that matched', async () => {
    emulator.actions.set('pay', large);
    expect((await api.track('ann', 'pay', { custom: { amount: 50 } })).body).toMatchObject({
      state: 'ALLOW',
      ruleIds: [],
    });
    expect((await api.track('ann', 'pay', { custom: { amount: 500 } })).body).toMatchObject({
      state: 'CHALLENGE_REQUIRED',
      ruleIds: ['rule-large'],
      allowedVerificationMethods: ['WHATSAPP'],
    });
    const blocked = await api.track('ann', 'pay', { custom: { amount: 50_000 } });
    expect(blocked.body).toMatchObject({ state: 'BLOCK', ruleIds: ['rule-huge', 'rule-large'] });
    const { body } = await api.server('GET', `/users/ann/actions/pay/${blocked.idempotencyKey}`);
    expect(body).toMatchObject({
      priorityRuleId: 'rule-huge',
      rules: [
        { ruleId: 'rule-huge', name: 'Huge' },
        { ruleId: 'rule-large', name: 'Large' },
      ],
    });
  });

  it.each([
    ['ip.address', '203.0.113.7'],
    ['device.id', 'device-1'],
    ['user.id', 'ann'],
    ['user.phoneNumber', PHONE],
    ['user.email', 'ann@bank.test'],
    ['user.isEnrolled', true],
    ['action', 'probe'],
    ['userAgent', 'agent'],
  ])('shows %s to the rules', async (name, value) => {
    emulator.actions.set('probe', {
      rules: [{ name: 'Seen', conditions: { '===': [{ var: name }, value] }, outcome: 'REVIEW' }],
    });
    const tracked = await api.track('ann', 'probe', {
      ipAddress: '203.0.113.7',
      deviceId: 'device-1',
      email: 'ann@bank.test',
      userAgent: 'agent',
    });
    expect(tracked.state).toBe('REVIEW_REQUIRED');
  });

  it('knows a new device and a user who has verified before', async () => {
    emulator.actions.set('device', {
      rules: [{ name: 'New', conditions: { var: 'device.isNew' }, outcome: 'CHALLENGE' }],
    });
    emulator.actions.set('first', {
      rules: [
        {
          name: 'No',
          conditions: { '!': [{ var: 'user.hasPreviouslyVerified' }] },
          outcome: 'BLOCK',
        },
      ],
    });
    emulator.users.enroll('bob', { phoneNumber: '+64219999999' });
    expect((await api.track('bob', 'first')).state).toBe('BLOCK');
    const first = await api.track('bob', 'device', { deviceId: 'd1' });
    expect(first.state).toBe('CHALLENGE_REQUIRED');
    await api.complete(first.token, '+64219999999');
    expect((await api.track('bob', 'device', { deviceId: 'd1' })).state).toBe('ALLOW');
    expect((await api.track('bob', 'device', { deviceId: 'd2' })).state).toBe('CHALLENGE_REQUIRED');
    expect((await api.track('bob', 'first')).state).toBe('ALLOW');
  });

  it('refuses a rule that cannot be evaluated', async () => {
    emulator.actions.set('broken', {
      rules: [{ name: 'Odd', conditions: { no_such_operator: [1] }, outcome: 'BLOCK' }],
    });
    const tracked = await api.track('ann', 'broken');
    expect(tracked.status).toBe(400);
    expect(tracked.body).toMatchObject({ error: 'invalid_configuration' });
  });

  it('keeps the record of a key that comes again, with a fresh token', async () => {
    emulator.actions.set('pay', { outcome: 'CHALLENGE', rules: [] });
    const first = await api.track('ann', 'pay', { idempotencyKey: 'again' });
    await api.complete(first.token, PHONE);
    emulator.actions.set('pay', { outcome: 'BLOCK' });
    const second = await api.track('ann', 'pay', { idempotencyKey: 'again' });
    expect(second.state).toBe('CHALLENGE_SUCCEEDED');
    expect(second.token).not.toBe(first.token);
    const records = emulator.actions.records({ userId: 'ann', idempotencyKey: 'again' });
    expect(records).toHaveLength(1);
    expect((await api.validate(second.token)).body).toMatchObject({ isValid: true });
  });

  it.each([
    ['action code', 'pay%20me', {}],
    ['long action code', 'a'.repeat(65), {}],
    ['long key', 'pay', { idempotencyKey: 'k'.repeat(65) }],
    ['key with other characters', 'pay', { idempotencyKey: 'a/b' }],
    ['empty key', 'pay', { idempotencyKey: '' }],
    ['custom data', 'pay', { custom: { nested: {} } }],
    ['phone number', 'pay', { phoneNumber: 5 }],
  ])('refuses a bad %s', async (_what, action, body) => {
    const tracked = await api.track('ann', action, body);
    expect(tracked.status).toBe(400);
    expect(tracked.body).toEqual({
      error: 'invalid_request',
      errorCode: 'invalid_request',
      errorDescription: expect.any(String),
    });
  });

  it('takes a key of 64 url-safe characters', async () => {
    const idempotencyKey = `${'k'.repeat(60)}-_.~`;
    expect((await api.track('ann', 'pay', { idempotencyKey })).idempotencyKey).toBe(idempotencyKey);
  });
});

describe('which challenges count', () => {
  it('does not let a challenge fulfil an action that asked for none', async () => {
    emulator.actions.set('pay', { outcome: 'ALLOW', rules: [] });
    const { token } = await api.track('ann', 'pay');
    const access = await api.complete(token, PHONE);
    expect((await api.validate(access)).body).toMatchObject({ isValid: false, state: 'ALLOW' });
  });

  it.each(['BLOCK', 'REVIEW_REQUIRED', 'CHALLENGE_FAILED'] as const)(
    'does not let a challenge change %s',
    async (state) => {
      emulator.actions.set('pay', { outcome: 'CHALLENGE', rules: [] });
      const { token, idempotencyKey } = await api.track('ann', 'pay');
      emulator.actions.setState({ userId: 'ann', action: 'pay', idempotencyKey }, state);
      const access = await api.complete(token, PHONE);
      expect((await api.validate(access)).body).toMatchObject({ isValid: false, state });
    },
  );

  it('lets it count after updateAction to CHALLENGE_REQUIRED', async () => {
    emulator.actions.set('pay', { outcome: 'ALLOW', rules: [] });
    const { token, idempotencyKey } = await api.track('ann', 'pay');
    const path = `/users/ann/actions/pay/${idempotencyKey}`;
    await api.server('PATCH', path, { state: 'CHALLENGE_REQUIRED' });
    const access = await api.complete(token, PHONE);
    expect((await api.validate(access)).body).toMatchObject({ isValid: true });
  });

  it('sends to the enrolled number, whatever was tracked', async () => {
    emulator.actions.set('pay', { outcome: 'CHALLENGE', rules: [] });
    const { token } = await api.track('ann', 'pay', { phoneNumber: '+64210000001' });
    await api.challenge(token);
    expect(emulator.inbox.messages('+64210000001')).toEqual([]);
    expect(emulator.inbox.latest(PHONE)).toMatchObject({ userId: 'ann', channel: 'WHATSAPP' });
  });

  it('refuses a code that went to a number which is enrolled no longer', async () => {
    emulator.actions.set('pay', { outcome: 'CHALLENGE', rules: [] });
    const { token } = await api.track('ann', 'pay');
    await api.challenge(token);
    const code = await emulator.inbox.waitForCode(PHONE);
    emulator.users.enroll('ann', { phoneNumber: '+64210000002' });
    expect((await api.verify(token, code)).body).toEqual({
      isVerified: false,
      failureReason: 'CODE_INVALID_OR_EXPIRED',
    });
  });

  it('enrols the tracked number of a user who has no authenticator', async () => {
    const { token } = await api.track('carl', 'enrol', { phoneNumber: '+64210000003' });
    await api.challenge(token);
    const code = await emulator.inbox.waitForCode('+64210000003');
    expect((await api.verify(token, code)).body).toMatchObject({
      isVerified: true,
      userAuthenticator: { verificationMethod: 'WHATSAPP', phoneNumber: '+64210000003' },
    });
    expect(emulator.users.get('carl')).toMatchObject({
      phoneNumberVerified: true,
      authenticators: [{ phoneNumber: '+64210000003' }],
    });
  });

  it('has nowhere to send for a user without any number', async () => {
    const { token } = await api.track('dora', 'enrol');
    expect(await api.challenge(token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('does not send to the tracked number of a user who has another authenticator', async () => {
    emulator.users.enroll('eve', { verificationMethod: 'PASSKEY' });
    const { token } = await api.track('eve', 'enrol', { phoneNumber: '+64210000004' });
    expect((await api.challenge(token)).status).toBe(400);
    const scope = 'add:authenticators';
    const scoped = await api.track('eve', 'enrol', { phoneNumber: '+64210000004', scope });
    expect((await api.challenge(scoped.token)).status).toBe(200);
  });

  it('takes the access token of one user for nobody else', async () => {
    emulator.actions.set('pay', { outcome: 'CHALLENGE', rules: [] });
    const { token } = await api.track('ann', 'pay');
    emulator.users.enroll('ann', { phoneNumber: PHONE });
    const access = await api.complete(token, PHONE);
    expect((await api.validate(access, { userId: 'bob' })).body).toEqual({
      isValid: false,
      error: 'User is invalid.',
    });
    expect((await api.validate(access, { userId: 'ann', action: 'pay' })).body).toMatchObject({
      isValid: true,
      action: 'pay',
      actionCode: 'pay',
    });
  });
});

describe('emulator.actions and emulator.users', () => {
  it('answer copies', async () => {
    await api.track('ann', 'copied');
    const [record] = emulator.actions.records({ action: 'copied' });
    if (record !== undefined) record.state = 'CHALLENGE_SUCCEEDED';
    expect(emulator.actions.records({ action: 'copied' })).toMatchObject([{ state: 'ALLOW' }]);
    expect(emulator.users.all().map(({ userId }) => userId)).toContain('ann');
    emulator.users.delete('ann');
    expect(emulator.users.get('ann')).toBeUndefined();
  });

  it('say which record they do not know', () => {
    const reference = { userId: 'x', action: 'y', idempotencyKey: 'z' };
    expect(() => emulator.actions.setState(reference, 'BLOCK')).toThrow(
      expect.objectContaining({ code: 'record_unknown' }),
    );
  });
});

describe('options', () => {
  it.each([
    [{ port: 70_000 }, 'port must'],
    [{ secret: '' }, 'secret must'],
    [{ limits: { codeLength: 1 } }, 'limits.codeLength must'],
    [{ limits: { sends: { max: -1, windowMs: 1 } } }, 'limits.sends must'],
    [{ actions: { 'bad code': {} } }, 'actions.bad code is no action code'],
    [
      {
        actions: {
          pay: {
            rules: [
              { name: 'A', conditions: true, outcome: 'BLOCK', priority: 1 },
              { name: 'B', conditions: true, outcome: 'BLOCK', priority: 1 },
            ],
          },
        },
      },
      'two rules with the same priority',
    ],
  ] as const)('%j is refused', async (options, message) => {
    await expect(startEmulator(options)).rejects.toMatchObject({
      code: 'option_invalid',
      message: expect.stringContaining(message),
    });
  });

  it('says that a port is in use', async () => {
    const port = Number(new URL(emulator.url).port);
    await expect(startEmulator({ port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Port ${port} on 127.0.0.1 is in use; choose another.`,
    });
  });
});
