import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { Changes } from '../../../src/emulator/window/changes.js';
import { RawClient } from './raw-client.js';
import { WindowClient } from './window-client.js';

let emulator: Emulator;
let api: RawClient;
let page: WindowClient;
let now = 0;
beforeEach(async () => {
  now = Date.parse('2026-03-01T10:00:00Z');
  emulator = await startEmulator({
    clock: { now: () => now },
    actions: {
      pay: {
        outcome: 'CHALLENGE',
        rules: [
          { name: 'Huge', conditions: { '>': [{ var: 'custom.amount' }, 9] }, outcome: 'REVIEW' },
        ],
      },
    },
  });
  api = new RawClient(emulator);
  page = new WindowClient(emulator);
});
afterEach(() => emulator.stop());

const enroll = (userId: string, phoneNumber: string) =>
  emulator.users.enroll(userId, { phoneNumber });

describe('the state', () => {
  it('shows users, actions, settings, messages and requests', async () => {
    const { userAuthenticatorId } = enroll('ann', '+64211234567');
    const { token } = await api.track('ann', 'pay', { custom: { amount: 2 } });
    now += 1_000;
    await api.track('ann', 'pay', { custom: { amount: 10 } });
    await api.track('bob', 'other');
    await api.challenge(token);
    const state = await page.state();
    expect(state.tenant).toEqual({
      tenantId: 'emulator-tenant',
      apiUrl: emulator.apiUrl,
      defaultOutcome: 'ALLOW',
    });
    expect(state.clock).toEqual({ now, offsetMs: 0, isSystems: false });
    expect(state.users.items.map(({ userId }) => userId)).toEqual(['bob', 'ann']);
    expect(state.users.items[1]).toMatchObject({
      phoneNumber: '+64211234567',
      authenticators: [
        { userAuthenticatorId, verificationMethod: 'WHATSAPP', phoneNumber: '+64211234567' },
      ],
    });
    expect(state.actions.items.map(({ action, state: is }) => [action, is])).toEqual([
      ['other', 'ALLOW'],
      ['pay', 'REVIEW_REQUIRED'],
      ['pay', 'CHALLENGE_REQUIRED'],
    ]);
    expect(state.actions.items[1]).toMatchObject({
      rules: [{ name: 'Huge' }],
      custom: { amount: 10 },
      createdAt: now,
    });
    expect(state.settings.items).toMatchObject([
      { action: 'other', outcome: 'ALLOW', isConfigured: false, rules: [] },
      { action: 'pay', outcome: 'CHALLENGE', isConfigured: true, rules: [{ outcome: 'REVIEW' }] },
    ]);
    expect(state.messages.items).toMatchObject([
      { to: '+64211234567', channel: 'WHATSAPP', action: 'pay', life: { kind: 'live' } },
    ]);
    expect(state.requests.items.map(({ call, status, number }) => [call, status, number])).toEqual([
      ['clientChallenge', 200, 4],
      ['track', 200, 3],
      ['track', 200, 2],
      ['track', 200, 1],
    ]);
    expect(state.requests.items[1]?.body).toBe('{}');
    expect(JSON.stringify(state)).not.toContain(emulator.secret);
    expect(JSON.stringify(state.requests)).not.toContain(token);
  });

  it('tells what a code is still good for', async () => {
    enroll('ann', '+64211234567');
    const { token } = await api.track('ann', 'pay');
    const lives = async () => (await page.state()).messages.items.map(({ life }) => life.kind);
    await api.challenge(token);
    await api.challenge(token);
    expect(await lives()).toEqual(['live', 'replaced']);
    await api.verify(token, emulator.inbox.latest('+64211234567')?.code ?? '');
    expect(await lives()).toEqual(['used', 'replaced']);
    const next = await api.track('ann', 'pay');
    await api.challenge(next.token);
    emulator.clock.advance(600_000);
    expect(await lives()).toEqual(['expired', 'used', 'replaced']);
  });

  it('cuts long lists and long bodies, and says how much is missing', async () => {
    for (let index = 0; index < 230; index += 1) {
      emulator.users.enroll(`user-${index}`, { phoneNumber: `+6421${1_000_000 + index}` });
    }
    await api.track('user-1', 'pay', { custom: { note: 'x'.repeat(10_000) } });
    const state = await page.state();
    expect([state.users.items.length, state.users.more]).toEqual([100, 130]);
    expect(state.users.items[0]?.userId).toBe('user-229');
    const [request] = state.requests.items;
    expect(request?.body).toHaveLength(4_000);
    expect(request?.bodyCut).toBeGreaterThan(6_000);
  });

  it('offers the switches, the calls and the kinds of faults', async () => {
    emulator.switches.retrack = 'http-409';
    emulator.switches.idempotencyKeyMaxLength = 77;
    const { switches, choices } = await page.state();
    const value = (name: string) => switches.find((shown) => shown.name === name)?.value;
    expect(value('retrack')).toBe('http-409');
    expect(value('idempotencyKeyMaxLength')).toBe(77);
    expect(choices.faults.map(({ kind }) => kind)).toContain('reset-after');
    expect(choices.calls).toContain('track');
    expect(choices.calls).not.toContain('window');
    expect(choices.methods).toEqual(['WHATSAPP', 'SMS', 'EMAIL_OTP']);
  });
});

describe('news', () => {
  it.each<[string, (emulator: Emulator) => unknown]>([
    ['a user', () => enroll('ann', '+64211234567')],
    ['an inbox that was emptied', ({ inbox }) => inbox.clear()],
    ['a fault', ({ faults }) => faults.add({ kind: 'hang', match: { call: 'track' } })],
    ['a fault that was removed', ({ faults }) => faults.clear()],
    ['the clock', ({ clock }) => clock.advance(1)],
    ['the clock set back', ({ clock }) => clock.reset()],
    ['an outcome', ({ actions }) => actions.set('pay', { outcome: 'BLOCK' })],
    [
      'a switch',
      ({ switches }) => {
        switches.retrack = 'http-409';
      },
    ],
    ['the log', ({ requests }) => requests.clear()],
    ['a call', () => api.track('ann', 'pay')],
  ])('of %s come at once', async (_, change) => {
    const before = await page.state();
    const next = page.state(before.revision);
    await change(emulator);
    expect((await next).revision).not.toBe(before.revision);
  });

  it('are not made by asking', async () => {
    const { revision } = await page.state();
    expect((await page.state()).revision).toBe(revision);
  });

  it('come at once to whoever knew another start of the emulator', async () => {
    const { revision } = await page.state();
    const other = await startEmulator();
    const state = await new WindowClient(other).state(revision);
    expect(state.revision).not.toBe(revision);
    await other.stop();
  });

  it('do not keep the emulator from stopping', async () => {
    const { revision } = await page.state();
    const waiting = Promise.allSettled([page.state(revision), page.state(revision)]);
    // In order on loopback: when this is answered, the two have been asked.
    await page.state();
    await emulator.stop();
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('are given up for those who left, and in time', async () => {
    const changes = new Changes();
    const gone = new AbortController();
    const left = changes.next(changes.revision, 60_000, gone.signal);
    expect(changes.waiting).toBe(1);
    gone.abort();
    await left;
    await changes.next(changes.revision, 60_000, gone.signal);
    await changes.next(changes.revision, 1, new AbortController().signal);
    await changes.next('another', 60_000, new AbortController().signal);
    expect(changes.waiting).toBe(0);
  });

  it('show all that happened in the turn of the change', async () => {
    const changes = new Changes();
    let seen = 0;
    let done = 0;
    const next = changes.next(changes.revision, 60_000, new AbortController().signal).then(() => {
      seen = done;
    });
    changes.happened();
    await Promise.resolve();
    done = 1;
    await next;
    expect(seen).toBe(1);
  });
});

describe('commands', () => {
  it('enroll, delete an authenticator, delete a user', async () => {
    const given = { userId: 'ann', verificationMethod: 'WHATSAPP', phoneNumber: '+64 21 123-4567' };
    expect(await page.command('enroll', given)).toEqual({ status: 200, words: undefined });
    const email = { userId: 'ann', verificationMethod: 'EMAIL_OTP', email: 'a@example.com' };
    await page.command('enroll', email);
    const [first, second] = emulator.users.get('ann')?.authenticators ?? [];
    expect(first).toMatchObject({ phoneNumber: '+64211234567', isDefault: true });
    expect(second).toMatchObject({ email: 'a@example.com', isDefault: false });
    const { userAuthenticatorId } = first ?? {};
    await page.command('delete-authenticator', { userId: 'ann', userAuthenticatorId });
    expect(emulator.users.get('ann')?.authenticators).toHaveLength(1);
    await page.command('delete-user', { userId: 'ann' });
    expect(emulator.users.get('ann')).toBeUndefined();
  });

  it('set outcomes; rules stay', async () => {
    await page.command('set-outcome', { action: 'pay', outcome: 'BLOCK' });
    expect(emulator.actions.get('pay')).toMatchObject({
      outcome: 'BLOCK',
      rules: [{ name: 'Huge' }],
    });
    await page.command('set-outcome', { action: 'fresh', outcome: 'REVIEW' });
    expect((await api.track('ann', 'fresh')).state).toBe('REVIEW_REQUIRED');
  });

  it.each(['REVIEW_SUCCEEDED', 'REVIEW_FAILED'])('end a review with %s, once', async (state) => {
    const { idempotencyKey } = await api.track('ann', 'pay', { custom: { amount: 10 } });
    const review = { userId: 'ann', action: 'pay', idempotencyKey, state };
    expect((await page.command('review', review)).status).toBe(200);
    expect(emulator.actions.records({ idempotencyKey })).toMatchObject([{ state }]);
    expect(await page.command('review', review)).toEqual({
      status: 409,
      words: `The action does not wait for a review: ${state}.`,
    });
  });

  it('switch faults on and off', async () => {
    await page.command('add-fault', { kind: 'status', call: 'track', times: 2, status: 503 });
    await page.command('add-fault', { kind: 'latency', delayMs: 1 });
    await page.command('add-fault', { kind: 'hang', call: 'validate' });
    expect((await api.track('ann', 'pay')).status).toBe(503);
    const { faults } = await page.state();
    expect(faults.items).toEqual([
      { id: 1, kind: 'status', calls: ['track'], only: '', left: 1, status: 503 },
      { id: 2, kind: 'latency', calls: [], only: '', delayMs: 1 },
      { id: 3, kind: 'hang', calls: ['validate'], only: '' },
    ]);
    await page.command('remove-fault', { id: 1 });
    expect((await api.track('ann', 'pay')).status).toBe(200);
    expect((await page.command('remove-fault', { id: 1 })).status).toBe(404);
    await page.command('clear-faults', {});
    expect(emulator.faults.active()).toEqual([]);
  });

  it('move the clock and bring it back', async () => {
    const { token } = await api.track('ann', 'pay');
    await page.command('advance-clock', { ms: 600_000 });
    expect((await page.state()).clock).toEqual({
      now: now + 600_000,
      offsetMs: 600_000,
      isSystems: false,
    });
    expect((await api.challenge(token)).status).toBe(401);
    await page.command('reset-clock', {});
    expect(emulator.clock.now()).toBe(now);
  });

  it('turn switches and empty the inbox', async () => {
    await page.command('set-switch', { name: 'retrack', value: 'http-409' });
    expect(emulator.switches.retrack).toBe('http-409');
    enroll('ann', '+64211234567');
    await api.challenge((await api.track('ann', 'pay')).token);
    await page.command('clear-inbox', {});
    expect(emulator.inbox.messages()).toEqual([]);
  });

  const person = { userId: 'ann', verificationMethod: 'WHATSAPP' };
  it.each<[string, object, number, string]>([
    ['nonsense', {}, 404, 'The window has no such command.'],
    ['__proto__', {}, 404, 'The window has no such command.'],
    ['clear-inbox', { all: true }, 400, 'all is not a field of this command.'],
    ['enroll', {}, 400, 'userId must be a text that is not empty.'],
    ['enroll', { ...person, userId: ' ' }, 400, 'userId must be a text that is not empty.'],
    ['enroll', { ...person, userId: 5 }, 400, 'userId must be a text that is not empty.'],
    ['enroll', person, 400, 'phoneNumber must be a number with its country, as +64211234567.'],
    [
      'enroll',
      { ...person, phoneNumber: '021 123' },
      400,
      'phoneNumber must be a number with its country, as +64211234567.',
    ],
    [
      'enroll',
      { ...person, phoneNumber: '+64211234567', email: 'a@b' },
      400,
      'email does not go with this method.',
    ],
    [
      'enroll',
      { ...person, verificationMethod: 'PASSKEY' },
      400,
      'verificationMethod must be one of WHATSAPP, SMS, EMAIL_OTP.',
    ],
    [
      'enroll',
      { ...person, verificationMethod: 'EMAIL_OTP', email: 'nobody' },
      400,
      'email must be an e-mail address.',
    ],
    [
      'enroll',
      { ...person, verificationMethod: 'EMAIL_OTP', phoneNumber: '+64211234567' },
      400,
      'phoneNumber does not go with this method.',
    ],
    ['delete-user', { userId: 'nobody' }, 404, 'There is no such user any more.'],
    [
      'delete-authenticator',
      { userId: 'ann', userAuthenticatorId: 'none' },
      404,
      'The user has no such authenticator any more.',
    ],
    [
      'set-outcome',
      { action: 'no code!', outcome: 'ALLOW' },
      400,
      'action must be an action code: letters, digits, "_" and "-", at most 64.',
    ],
    [
      'set-outcome',
      { action: 'pay', outcome: 'DENY' },
      400,
      'outcome must be one of ALLOW, CHALLENGE, REVIEW, BLOCK.',
    ],
    [
      'review',
      { userId: 'ann', action: 'pay', idempotencyKey: 'k', state: 'ALLOW' },
      400,
      'state must be one of REVIEW_SUCCEEDED, REVIEW_FAILED.',
    ],
    [
      'review',
      { userId: 'ann', action: 'pay', idempotencyKey: 'k', state: 'REVIEW_FAILED' },
      404,
      'There is no such action any more.',
    ],
    [
      'add-fault',
      { kind: 'hang', times: 0 },
      400,
      'times must be a whole number from 1 to 1000000.',
    ],
    [
      'add-fault',
      { kind: 'status', status: 99 },
      400,
      'status must be a whole number from 200 to 599.',
    ],
    ['advance-clock', { ms: -1 }, 400, 'ms must be a whole number from 1 to 316224000000.'],
    ['advance-clock', { ms: 1.5 }, 400, 'ms must be a whole number from 1 to 316224000000.'],
    ['advance-clock', { ms: '60000' }, 400, 'ms must be a whole number from 1 to 316224000000.'],
    [
      'set-switch',
      { name: 'retrack', value: 'maybe' },
      400,
      'switches.retrack must be one of "keep-state", "evaluate-again", "http-409".',
    ],
    ['set-switch', { name: 'retrack' }, 400, 'value must be one of its choices.'],
  ])('%s %j is %i: %s', async (name, body, status, words) => {
    expect(await page.command(name, body)).toEqual({ status, words });
    expect(emulator.users.all()).toEqual([]);
  });

  it.each([
    ['add-fault', { kind: 'none' }, /^kind must be one of status, latency, hang,/],
    ['add-fault', { kind: 'hang', call: 'nobody' }, /^call must be one of getUser,/],
    ['set-switch', { name: 'none', value: 1 }, /^switches\.none is not a switch of the emulator/],
  ])('%s %j is refused with its choices', async (name, body, words) => {
    const answer = await page.command(name, body);
    expect(answer.status).toBe(400);
    expect(answer.words).toMatch(words);
  });

  it('do not lead beyond the end of time', async () => {
    now = 8.64e15 - 5;
    expect(await page.command('advance-clock', { ms: 6 })).toEqual({
      status: 400,
      words: 'ms leads beyond the end of time.',
    });
  });
});

/** A module of the page: those who check the tests' types know no browser. */
const RULE_WORDS: string = '../../../src/emulator/pages/window/rule-words.js';

describe('rules in words', () => {
  it.each<[unknown, string]>([
    [true, 'always'],
    [false, 'never'],
    [{ '>': [{ var: 'custom.amount' }, 1000] }, 'custom.amount > 1000'],
    [{ '<': [1, { var: 'a' }, 9] }, '1 < a < 9'],
    [{ '!': { var: 'device.isNew' } }, 'not device.isNew'],
    [{ '!': [{ '===': [{ var: 'a' }, 'x'] }] }, 'not a = "x"'],
    [{ in: [{ var: 'custom.payee' }, ['a', 'b']] }, 'custom.payee in ["a", "b"]'],
    [
      {
        and: [{ '>=': [{ var: 'a' }, 1] }, { or: [{ var: 'b' }, { '!=': [{ var: 'c' }, null] }] }],
      },
      'a ≥ 1 and (b or c ≠ null)',
    ],
    [{ '>': [{ '+': [{ var: 'a' }, { var: 'b' }] }, 5] }, '(a + b) > 5'],
    [{ '*': [{ '+': [1, 2] }, 3] }, '(1 + 2) × 3'],
    [{ some: [{ var: 'list' }, true] }, '{"some":[{"var":"list"},true]}'],
    [{ '==': 1 }, '{"==":1}'],
    [{}, '{}'],
  ])('%j', async (logic, words) => {
    const { ruleWords } = await import(RULE_WORDS);
    expect(ruleWords(logic)).toBe(words);
  });
});
