import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Emulator, Message } from 'authsignal-guard/emulator';
import Database from 'libsql';
import request, { type Response } from 'supertest';
import { DEMO_USERS } from '../../../sample-app/bank/demo-users.js';
import { startExpressBank } from '../../../sample-app/express/start-express-bank.js';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import { startEmulatedTenant } from '../../../sample-app/server/emulated-tenant.js';
import type { RunningBank } from '../../../sample-app/server/running-bank.js';
import { Customer, LARGE, prove } from './customer.js';
import { me, NumberDesk, post } from './number-desk.js';

// Hashing passwords is slow on purpose, and slower on a busy machine.
jest.setTimeout(240_000);

const APPS = [
  ['NestJS', startNestBank],
  ['Express', startExpressBank],
] as const;

const MANY = { max: 1_000, windowMs: 60_000 };
/** The tests do within a minute what users do within weeks; `codes` and the rest stay. */
const LIMITS = { ip: false, prefix: false, waitsMs: false } as const;

const CLEO_WAS_SAID_TO_HAVE = '+61491570158';

let taken = 0;
/** E.164; each test has its own. */
function freshNumber(): string {
  taken += 1;
  return `+64211${100_000 + taken}`;
}

function outcomeOf({ status, body }: Response): unknown {
  const { code, reason } = body;
  return reason === undefined ? [status, code] : [status, code, reason];
}

const masked = (phoneNumber: string): string => `•••${phoneNumber.slice(-3)}`;
const letterAbout = (phoneNumber: string) =>
  expect.objectContaining({
    text: `Codes now go to ${masked(phoneNumber)}. Was that not you? Call us.`,
  });

describe.each(APPS)('the numbers of the bank in %s', (_, start) => {
  const folder = mkdtempSync(join(tmpdir(), 'sample-app-'));
  const databaseFile = join(folder, 'bank.db');
  const messages: Message[] = [];
  let emulator: Emulator;
  let bank: RunningBank;
  let desk: NumberDesk;

  const startBank = (file: string, limits: typeof LIMITS | Record<string, never>) =>
    start(
      {
        host: '127.0.0.1',
        port: 0,
        databaseFile: file,
        tenant: {
          apiSecretKey: emulator.secret,
          apiUrl: emulator.apiUrl,
          tenantId: emulator.tenantId,
        },
        limits,
      },
      () => undefined,
    );
  const read = (sql: string, ...values: readonly string[]): readonly Record<string, unknown>[] => {
    const database = new Database(databaseFile);
    const rows = database.prepare(sql).all(...values);
    database.close();
    return rows as readonly Record<string, unknown>[];
  };
  const holdersOf = (phoneNumber: string): readonly unknown[] =>
    read('SELECT id FROM users WHERE phone_number = ?', phoneNumber).map(({ id }) => id);
  /** Where Authsignal sends this user's codes. */
  const enrolledNumber = (userId: unknown): string | undefined =>
    emulator.users.get(String(userId))?.authenticators[0]?.phoneNumber;
  const proof = async (refusal: Response, phoneNumber: string) => ({
    'step-up-proof': await prove(emulator, refusal, phoneNumber),
  });

  beforeAll(async () => {
    emulator = await startEmulatedTenant({
      limits: { sends: MANY, verifies: MANY },
      onMessage: (message) => messages.push(message),
    });
    bank = await startBank(databaseFile, LIMITS);
    desk = new NumberDesk(bank.url, emulator);
  });
  afterAll(async () => {
    await bank.stop();
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    emulator.faults.clear();
  });

  describe('signing in by number', () => {
    it('opens one account for a number, with a cookie that no script and no other site can use', async () => {
      const number = freshNumber();
      const browser = desk.newBrowser();
      const sent = await desk.ask(browser, 'sign-in', `0${number.slice(3)}`);
      expect(sent.body).toEqual({
        handle: expect.any(String),
        phoneNumber: `+64••••${number.slice(-4)}`,
        expiresAt: expect.any(String),
        resendAfterMs: 0,
      });
      const answer = await desk.enter(browser, 'sign-in', sent, number);
      expect(answer.body).toEqual({ username: expect.stringMatching(/^customer-[0-9a-f]{8}$/) });
      expect(answer.headers['set-cookie']).toEqual([
        expect.stringMatching(/^sid=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/),
      ]);
      const account = await me(browser);
      expect(account).toEqual({
        id: expect.stringMatching(/^user-/),
        username: answer.body.username,
        phoneNumber: masked(number),
        notices: [],
      });
      const again = await me(await desk.signedIn(number));
      expect(again).toEqual(account);
      expect(holdersOf(number)).toEqual([account.id]);
    });

    it('opens an account that no password opens', async () => {
      const { username } = await me(await desk.signedIn(freshNumber()));
      for (const password of ['null', 'undefined', ' ', String(username)]) {
        const answer = await request(bank.url).post('/login').send({ username, password });
        expect(answer.status).toBe(401);
      }
    });

    it('ends in one account and one session for many answers at once', async () => {
      const number = freshNumber();
      const sent = await desk.ask(desk.newBrowser(), 'sign-in', number);
      const code = await emulator.inbox.waitForCode(number);
      const answers = await Promise.all(
        Array.from({ length: 4 }, () =>
          post(desk.newBrowser(), 'sign-in/verify', { handle: sent.body.handle, code }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
      expect(holdersOf(number)).toHaveLength(1);
      const [id] = holdersOf(number);
      expect(read('SELECT 1 FROM sessions WHERE user_id = ?', String(id))).toHaveLength(1);
    });

    it('answers a known number as an unknown one', async () => {
      const known = freshNumber();
      await desk.signedIn(known);
      const answers = [
        await desk.ask(desk.newBrowser(), 'sign-in', known),
        await desk.ask(desk.newBrowser(), 'sign-in', freshNumber()),
      ].map(({ status, body }) => [status, Object.keys(body)]);
      expect(answers[0]).toEqual(answers[1]);
    });

    it.each([
      ['of another country', '+447911123456', [422, 'phone_not_allowed']],
      ['that is none', 'call me', [400, 'phone_invalid']],
    ])('sends nothing to a number %s', async (_name, phoneNumber, outcome) => {
      const sent = messages.length;
      const answer = await desk.ask(desk.newBrowser(), 'sign-in', phoneNumber);
      expect(outcomeOf(answer)).toEqual(outcome);
      expect(messages).toHaveLength(sent);
    });
  });

  describe('enrolling', () => {
    it.each([
      ['get', '', undefined],
      ['post', '/enrollment', { phoneNumber: '+64211234567' }],
      ['post', '/enrollment/verify', { handle: 'x', code: '123456' }],
      ['post', '/phone-number', { phoneNumber: '+64211234567' }],
      ['post', '/phone-number/verify', { handle: 'x', code: '123456' }],
      ['post', '/verified-number', {}],
    ] as const)('needs a session: %s %s', async (verb, path, body) => {
      const sent = messages.length;
      for (const cookie of ['', 'sid=forged']) {
        const answer = await request(bank.url)
          [verb](`/whatsapp${path}`)
          .set('cookie', cookie)
          .send(body);
        expect(answer.status).toBe(401);
      }
      expect(messages).toHaveLength(sent);
    });

    it('lets a first number in with its code, and tells its owner by letter', async () => {
      const number = freshNumber();
      const browser = await desk.signedIn(freshNumber());
      expect((await browser.get('/whatsapp')).body).toEqual({ enrolled: false, phoneNumber: null });
      expect(outcomeOf(await browser.post('/payments').send(LARGE))).toEqual([
        403,
        'step_up_enrollment_required',
      ]);
      const sent = await desk.ask(browser, 'enrollment', number);
      const { handle } = sent.body;
      const code = await emulator.inbox.waitForCode(number);
      const wrong = code === '000000' ? '111111' : '000000';
      expect(outcomeOf(await post(browser, 'enrollment/verify', { handle, code: wrong }))).toEqual([
        400,
        'otp_invalid',
      ]);
      const answer = await post(browser, 'enrollment/verify', { handle, code });
      expect([answer.status, answer.body.enrolled]).toEqual([200, true]);
      const account = await me(browser);
      expect(account).toMatchObject({
        phoneNumber: masked(number),
        notices: [letterAbout(number)],
      });
      expect(enrolledNumber(account.id)).toBe(number);
      const refusal = await browser.post('/payments').send(LARGE);
      const paid = await browser
        .post('/payments')
        .set(await proof(refusal, number))
        .send(LARGE);
      expect(paid.status).toBe(201);
    });

    it('takes the number that was proven at a branch, without a code', async () => {
      const dora = await desk.signedIn('+61491570157');
      const sent = messages.length;
      const answer = await post(dora, 'verified-number', {});
      expect([answer.status, answer.body.enrolled]).toEqual([200, true]);
      expect(messages).toHaveLength(sent);
      expect(await me(dora)).toMatchObject({
        username: 'dora',
        notices: [letterAbout('+61491570157')],
      });
      expect(enrolledNumber('user-dora')).toBe('+61491570157');
    });

    it('changes a number after the old one has confirmed', async () => {
      const [old, next] = [freshNumber(), freshNumber()];
      const browser = await desk.enrolled(old);
      const { id } = await me(browser);
      const refusal = await desk.ask(browser, 'phone-number', next);
      expect(outcomeOf(refusal)).toEqual([403, 'step_up_required']);
      const confirmed = await proof(refusal, old);
      const sent = await desk.ask(browser, 'phone-number', next, confirmed);
      expect(sent.status).toBe(200);
      expect(enrolledNumber(id)).toBe(old);
      expect(holdersOf(next)).toEqual([]);
      const answer = await desk.enter(browser, 'phone-number', sent, next);
      expect([answer.status, answer.body.enrolled]).toEqual([200, true]);
      expect(enrolledNumber(id)).toBe(next);
      expect(await me(browser)).toMatchObject({
        phoneNumber: masked(next),
        notices: [letterAbout(old), letterAbout(next)],
      });
      expect(await me(await desk.signedIn(next))).toMatchObject({ id });
    });

    it('knows the same number as Authsignal when another one is enrolled over the first', async () => {
      const [old, next] = [freshNumber(), freshNumber()];
      const browser = await desk.enrolled(old);
      const { id } = await me(browser);
      const confirmed = await proof(await desk.ask(browser, 'enrollment', next), old);
      const sent = await desk.ask(browser, 'enrollment', next, confirmed);
      expect((await desk.enter(browser, 'enrollment', sent, next)).status).toBe(200);
      expect([enrolledNumber(id), holdersOf(old), holdersOf(next)]).toEqual([next, [], [id]]);
    });
  });

  describe('taking over an account', () => {
    it('fails by a number that the bank only heard of', async () => {
      const browser = await desk.signedIn(CLEO_WAS_SAID_TO_HAVE);
      expect((await me(browser)).id).not.toBe('user-cleo');
      const cleo = new Customer(bank.url, emulator, 'cleo');
      expect((await cleo.signIn()).status).toBe(200);
      expect(outcomeOf(await post(cleo.browser, 'verified-number', {}))).toEqual([
        422,
        'phone_not_allowed',
      ]);
      expect(emulator.users.get('user-cleo')?.authenticators ?? []).toEqual([]);
    });

    it('fails by a number that its owner gave up', async () => {
      const [old, next] = [freshNumber(), freshNumber()];
      const owner = await desk.enrolled(old);
      const { id } = await me(owner);
      const early = await desk.ask(desk.newBrowser(), 'sign-in', old);
      const earlyCode = await emulator.inbox.waitForCode(old);
      const confirmed = await proof(await desk.ask(owner, 'phone-number', next), old);
      const sent = await desk.ask(owner, 'phone-number', next, confirmed);
      await desk.enter(owner, 'phone-number', sent, next);
      const thief = desk.newBrowser();
      // Also with a code that was sent before the change.
      const { handle } = early.body;
      await post(thief, 'sign-in/verify', { handle, code: earlyCode });
      expect((await me(thief)).id).not.toBe(id);
      expect((await me(await desk.signedIn(old))).id).not.toBe(id);
      expect(holdersOf(next)).toEqual([id]);
    });

    it('fails with a sign-in that is finished after the number has moved', async () => {
      const number = freshNumber();
      const { id } = await me(await desk.signedIn(number));
      emulator.faults.add({ kind: 'status', status: 503, match: { call: 'claim' } });
      const thief = desk.newBrowser();
      const incomplete = await desk.run(thief, 'sign-in', number);
      expect(outcomeOf(incomplete)).toEqual([503, 'sign_in_incomplete']);
      emulator.faults.clear();
      const newHolder = await desk.signedIn(freshNumber());
      expect((await desk.run(newHolder, 'enrollment', number)).status).toBe(200);
      const { handle } = incomplete.body;
      const answer = await post(thief, 'sign-in/verify', { handle });
      expect(outcomeOf(answer)).toEqual([503, 'sign_in_incomplete']);
      expect((await thief.get('/me')).status).toBe(401);
      expect(read('SELECT phone_number FROM users WHERE id = ?', String(id))).toEqual([
        { phone_number: null },
      ]);
    });

    it('fails by the number of somebody else who has proven it since', async () => {
      const number = freshNumber();
      const former = await desk.enrolled(number);
      const holder = await desk.signedIn(freshNumber());
      await desk.run(holder, 'enrollment', number);
      expect(await me(former)).toMatchObject({
        phoneNumber: null,
        notices: [
          letterAbout(number),
          expect.objectContaining({ text: `${masked(number)} is somebody else's number now.` }),
        ],
      });
      expect(outcomeOf(await post(former, 'verified-number', {}))).toEqual([
        422,
        'phone_not_allowed',
      ]);
      const { id } = await me(holder);
      expect((await me(await desk.signedIn(number))).id).toBe(id);
    });

    it('fails with a stolen session: the owner must confirm any other number', async () => {
      const number = freshNumber();
      const stolen = await desk.enrolled(number);
      const { id } = await me(stolen);
      const mine = freshNumber();
      const sent = messages.length;
      for (const flow of ['phone-number', 'enrollment'] as const) {
        expect(outcomeOf(await desk.ask(stolen, flow, mine))).toEqual([403, 'step_up_required']);
      }
      expect(outcomeOf(await post(stolen, 'verified-number', { phoneNumber: mine }))).toEqual([
        400,
        'request_invalid',
      ]);
      expect(messages).toHaveLength(sent);
      expect([enrolledNumber(id), holdersOf(mine)]).toEqual([number, []]);
    });

    it('fails with a proof of the owner for something else', async () => {
      const number = freshNumber();
      const browser = await desk.enrolled(number);
      const mine = freshNumber();
      const forPayment = await proof(await browser.post('/payments').send(LARGE), number);
      const forOther = await proof(await desk.ask(browser, 'phone-number', freshNumber()), number);
      const sent = messages.length;
      expect(outcomeOf(await desk.ask(browser, 'phone-number', mine, forPayment))).toEqual([
        403,
        'step_up_required',
        'proof_invalid',
      ]);
      expect(outcomeOf(await desk.ask(browser, 'phone-number', mine, forOther))).toEqual([
        403,
        'step_up_required',
        'binding_mismatch',
      ]);
      expect(messages).toHaveLength(sent);
    });

    it('fails with an enrollment that was begun before the owner enrolled', async () => {
      const number = freshNumber();
      const mine = freshNumber();
      const stolen = await desk.signedIn(number);
      const { id } = await me(stolen);
      const begun = await desk.ask(stolen, 'enrollment', mine);
      await post(stolen, 'verified-number', {});
      expect(outcomeOf(await desk.enter(stolen, 'enrollment', begun, mine))).toEqual([
        400,
        'handle_invalid',
      ]);
      expect([enrolledNumber(id), holdersOf(number), holdersOf(mine)]).toEqual([number, [id], []]);
    });

    it("fails with somebody else's handle, in another session and in another flow", async () => {
      const [number, victim] = [freshNumber(), freshNumber()];
      const owner = await desk.signedIn(number);
      const begun = await desk.ask(owner, 'enrollment', victim);
      const code = await emulator.inbox.waitForCode(victim);
      const { handle } = begun.body;
      const thief = await desk.signedIn(freshNumber());
      const elsewhere = await desk.signedIn(number);
      const answers = [
        await post(thief, 'enrollment/verify', { handle, code }),
        await post(elsewhere, 'enrollment/verify', { handle, code }),
        await post(owner, 'phone-number/verify', { handle, code }),
        await post(owner, 'sign-in/verify', { handle, code }),
        await post(thief, 'resend', { handle }),
        await post(desk.newBrowser(), 'resend', { handle }),
      ];
      expect(answers.map(outcomeOf)).toEqual([
        ...new Array(5).fill([400, 'handle_invalid']),
        [401, 'step_up_unauthenticated'],
      ]);
      expect(holdersOf(victim)).toEqual([]);
      expect((await post(owner, 'enrollment/verify', { handle, code })).status).toBe(200);
    });

    it('fails with more in the body than was asked for', async () => {
      const number = freshNumber();
      const browser = desk.newBrowser();
      const sent = await desk.ask(browser, 'sign-in', number);
      const code = await emulator.inbox.waitForCode(number);
      const ann = DEMO_USERS[0];
      await post(browser, 'sign-in/verify', {
        ...{ handle: sent.body.handle, code },
        ...{ phoneNumber: ann?.phoneNumber, userId: ann?.id, username: ann?.username },
      });
      expect((await me(browser)).phoneNumber).toBe(masked(number));
    });

    it('fails by a code that is guessed', async () => {
      const number = freshNumber();
      const thief = desk.newBrowser();
      const sent = await desk.ask(thief, 'sign-in', number);
      const right = await emulator.inbox.waitForCode(number);
      const { handle } = sent.body;
      const wrong = right === '000000' ? '111111' : '000000';
      const outcomes: unknown[] = [];
      for (const code of [wrong, wrong, wrong, wrong, wrong, right]) {
        outcomes.push(outcomeOf(await post(thief, 'sign-in/verify', { handle, code })));
      }
      expect(outcomes.slice(0, 4)).toEqual(new Array(4).fill([400, 'otp_invalid']));
      expect(outcomes.at(-1)).toEqual([429, 'otp_attempts_exceeded']);
      expect((await thief.get('/me')).status).toBe(401);
    });
  });

  it('sends as often as the library allows by default', async () => {
    const strict = await startBank(':memory:', {});
    try {
      const ask = (phoneNumber: string) =>
        request(strict.url).post('/whatsapp/sign-in').send({ phoneNumber });
      const sent = await ask(freshNumber());
      const { handle, resendAfterMs } = sent.body;
      expect(resendAfterMs).toBe(30_000);
      const again = await request(strict.url).post('/whatsapp/resend').send({ handle });
      expect(outcomeOf(again)).toEqual([429, 'otp_send_limited']);
      expect(Number(again.headers['retry-after'])).toBeGreaterThan(0);
      // Three a minute from one address.
      const statuses = [
        await ask(freshNumber()),
        await ask(freshNumber()),
        await ask(freshNumber()),
      ];
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    } finally {
      await strict.stop();
    }
  });

  it('tells nobody a whole number', async () => {
    const browser = await desk.signedIn(freshNumber());
    const known = read('SELECT phone_number FROM users WHERE phone_number IS NOT NULL');
    const shown = JSON.stringify([await me(browser), read('SELECT text FROM notices')]);
    expect(known.length).toBeGreaterThan(10);
    for (const { phone_number: number } of known) {
      expect(shown).not.toContain(String(number).slice(1));
    }
  });
});
