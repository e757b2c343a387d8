import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Emulator, Message } from 'authsignal-guard/emulator';
import Database from 'libsql';
import request, { type Response } from 'supertest';
import { startExpressBank } from '../../../sample-app/express/start-express-bank.js';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import type { Configuration } from '../../../sample-app/server/configuration.js';
import { startEmulatedTenant } from '../../../sample-app/server/emulated-tenant.js';
import type { RunningBank } from '../../../sample-app/server/running-bank.js';
import { Customer, LARGE, SMALL } from './customer.js';

// Hashing passwords is slow on purpose, and slower on a busy machine.
jest.setTimeout(240_000);

const APPS = [
  ['NestJS', startNestBank],
  ['Express', startExpressBank],
] as const;

/** One user signs in more often than one phone may be sent to. */
const MANY = { max: 1_000, windowMs: 60_000 };

const WRONG = 'The username or the password is wrong.';

function outcomeOf({ status, body }: Response): unknown {
  const { code, reason } = body;
  return reason === undefined ? [status, code] : [status, code, reason];
}

function cookiesOf(answer: Response): readonly string[] {
  const cookies: unknown = answer.headers['set-cookie'];
  return Array.isArray(cookies) ? cookies : [];
}

describe.each(APPS)('the bank in %s', (_, start) => {
  const folder = mkdtempSync(join(tmpdir(), 'sample-app-'));
  const databaseFile = join(folder, 'bank.db');
  const messages: Message[] = [];
  let bank: RunningBank;
  let emulator: Emulator;
  let ann: Customer;
  let bob: Customer;

  let configuration: Configuration;
  const newBrowser = (username: string): Customer => new Customer(bank.url, emulator, username);
  const stored = (where: string): readonly unknown[] => {
    const database = new Database(databaseFile);
    const rows = database.prepare(`SELECT * FROM payments WHERE ${where}`).all();
    database.close();
    return rows;
  };

  beforeAll(async () => {
    emulator = await startEmulatedTenant({
      limits: { sends: MANY, verifies: MANY },
      onMessage: (message) => messages.push(message),
    });
    const tenant = {
      apiSecretKey: emulator.secret,
      apiUrl: emulator.apiUrl,
      tenantId: emulator.tenantId,
    };
    configuration = { host: '127.0.0.1', port: 0, databaseFile, tenant };
    bank = await start(configuration, () => undefined);
    ann = await newBrowser('ann').signedIn();
    bob = await newBrowser('bob').signedIn();
  });
  afterAll(async () => {
    await bank.stop();
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    emulator.faults.clear();
  });

  describe('signing in', () => {
    it.each([
      ['an unknown username', { username: 'nobody', password: 'x' }],
      ['a wrong password', { username: 'ann', password: 'x' }],
      ['no password', { username: 'ann' }],
      ['a list', ['ann', 'x']],
      ['a password that is no text', { username: 'ann', password: { length: 1 } }],
      ['a very long password', { username: 'ann', password: 'x'.repeat(257) }],
    ])('answers %s the same, and Authsignal is not asked', async (_name, body) => {
      const tracked = emulator.requests.count('track');
      const answer = await request(bank.url).post('/login').send(body);
      expect(answer.status).toBe(401);
      expect(answer.body.message).toBe(WRONG);
      expect(cookiesOf(answer)).toEqual([]);
      expect(emulator.requests.count('track')).toBe(tracked);
    });

    it('reads no form, which another site could send', async () => {
      const answer = await request(bank.url).post('/login').type('form').send(ann.credentials);
      expect(answer.status).toBe(401);
    });

    it('answers a body that is no JSON without a trace of the code', async () => {
      const answer = await request(bank.url).post('/login').type('json').send('{"username"');
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('node_modules');
    });

    it('challenges a new browser, every time until it has passed one', async () => {
      const stranger = newBrowser('ann');
      for (const _attempt of ['first', 'second', 'third']) {
        const refusal = await stranger.signIn();
        expect(outcomeOf(refusal)).toEqual([403, 'step_up_required']);
        expect(refusal.body.challenge.methods).toEqual(['WHATSAPP']);
        expect(cookiesOf(refusal).join()).not.toContain('sid=');
      }
      expect((await stranger.browser.get('/me')).status).toBe(401);
    });

    it('opens a session with the proof, in cookies that no script and no other site can use', async () => {
      const stranger = newBrowser('ann');
      const refusal = await stranger.signIn();
      const answer = await stranger.signIn(await stranger.prove(refusal));
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ username: 'ann' });
      for (const cookie of [...cookiesOf(refusal), ...cookiesOf(answer)]) {
        expect(cookie).toMatch(
          /^(device|sid)=[\w-]{43}; Max-Age=\d+; Path=\/; .*HttpOnly; SameSite=Strict$/,
        );
      }
      expect((await stranger.browser.get('/me')).body).toEqual({
        id: 'user-ann',
        username: 'ann',
        phoneNumber: '•••006',
        notices: [],
      });
    });

    it('sends nothing when the browser is known, and knows it for this user alone', async () => {
      const sent = messages.length;
      const again = await ann.signIn();
      expect(again.status).toBe(200);
      expect(messages.length).toBe(sent);
      const other = await ann.browser.post('/login').send(bob.credentials);
      expect(outcomeOf(other)).toEqual([403, 'step_up_required']);
    });

    it('takes a proof in the browser that was challenged, and in no other', async () => {
      const challenged = newBrowser('ann');
      const thief = newBrowser('ann');
      const proof = await challenged.prove(await challenged.signIn());
      await thief.signIn();
      expect(outcomeOf(await thief.signIn(proof))).toEqual([
        403,
        'step_up_required',
        'binding_mismatch',
      ]);
      expect(outcomeOf(await newBrowser('bob').signIn(proof))).toEqual([
        403,
        'step_up_required',
        'proof_invalid',
      ]);
      expect((await challenged.signIn(proof)).status).toBe(200);
      expect(outcomeOf(await challenged.signIn(proof))).toEqual([409, 'step_up_consumed']);
    });

    it('does not take a proof for a password, nor use it up', async () => {
      const forgetful = newBrowser('ann');
      const proof = await forgetful.prove(await forgetful.signIn());
      const wrong = await forgetful.browser
        .post('/login')
        .set('step-up-proof', proof)
        .send({ username: 'ann', password: 'x' });
      expect(wrong.status).toBe(401);
      expect((await forgetful.signIn(proof)).status).toBe(200);
    });

    it('lets in who never had a number, to enroll one and to pay nothing before', async () => {
      const cleo = newBrowser('cleo');
      expect((await cleo.signIn()).status).toBe(200);
      expect(outcomeOf(await cleo.pay(SMALL))).toEqual([403, 'step_up_enrollment_required']);
      expect(await cleo.payments()).toEqual([]);
    });

    it('lets nobody in by password who has a number to prove, enrolled or not', async () => {
      const dora = newBrowser('dora');
      expect(outcomeOf(await dora.signIn())).toEqual([403, 'step_up_enrollment_required']);
      expect((await dora.browser.get('/me')).status).toBe(401);
    });

    it('never tells Authsignal a password', () => {
      const seen = JSON.stringify(emulator.requests.all());
      expect(seen).toContain('signIn');
      for (const { password } of [ann.credentials, bob.credentials]) {
        expect(seen).not.toContain(password);
      }
    });
  });

  describe('paying', () => {
    it.each([
      ['get', '/me'],
      ['get', '/payments'],
      ['post', '/payments'],
    ] as const)('needs a session: %s %s', async (verb, path) => {
      for (const cookie of ['', 'sid=', 'sid=forged', 'sid=undefined']) {
        const answer = await request(bank.url)[verb](path).set('cookie', cookie);
        expect([answer.status, answer.body.message]).toEqual([401, 'Sign in first.']);
      }
    });

    it('pays what the rules allow, and shows it to its owner alone', async () => {
      const payment = { ...SMALL, payee: 'Corner Cafe' };
      const answer = await ann.pay(payment);
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        ...payment,
        id: expect.any(String),
        approvedBy: 'rules',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      });
      expect(await ann.payments()).toContainEqual(answer.body);
      expect(await bob.payments()).toEqual([]);
    });

    it('pays a challenged payment once, however often it is sent', async () => {
      const payment = { ...LARGE, payee: 'Once' };
      const refusal = await ann.pay(payment);
      expect(outcomeOf(refusal)).toEqual([403, 'step_up_required']);
      expect(stored("payee = 'Once'")).toEqual([]);
      const proof = await ann.prove(refusal);
      const answers = await Promise.all(Array.from({ length: 20 }, () => ann.pay(payment, proof)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, ...new Array(19).fill(409)]);
      expect(outcomeOf(await ann.pay(payment, proof))).toEqual([409, 'step_up_consumed']);
      expect(stored("payee = 'Once'")).toEqual([
        expect.objectContaining({
          user_id: 'user-ann',
          amount: 250_000,
          approved_by: 'challenge',
          proof_id: expect.stringMatching(/^v1/),
        }),
      ]);
    });

    it.each([
      ['amount', { amount: 250_001 }],
      ['currency', { currency: 'AUD' }],
      ['payee', { payee: 'Power company' }],
    ])('refuses a proof after a change of the %s', async (_field, change) => {
      const proof = await ann.prove(await ann.pay(LARGE));
      expect(outcomeOf(await ann.pay({ ...LARGE, ...change }, proof))).toEqual([
        403,
        'step_up_required',
        'binding_mismatch',
      ]);
      expect((await ann.pay(LARGE, proof)).status).toBe(201);
    });

    it('refuses a proof of somebody else, of another session and of another action', async () => {
      const elsewhere = await newBrowser('ann').signedIn();
      const stranger = newBrowser('ann');
      const proofs = [
        [await bob.prove(await bob.pay(LARGE)), 'proof_invalid'],
        [await elsewhere.prove(await elsewhere.pay(LARGE)), 'binding_mismatch'],
        [await stranger.prove(await stranger.signIn()), 'proof_invalid'],
      ] as const;
      const before = await ann.payments();
      for (const [proof, reason] of proofs) {
        expect(outcomeOf(await ann.pay(LARGE, proof))).toEqual([403, 'step_up_required', reason]);
      }
      expect(await ann.payments()).toEqual(before);
    });

    it.each([
      ['no amount', { amount: undefined }, '#/amount'],
      ['nothing', { amount: 0 }, '#/amount'],
      ['a fraction', { amount: 1.5 }, '#/amount'],
      ['less than nothing', { amount: -1 }, '#/amount'],
      ['a text', { amount: '2500' }, '#/amount'],
      ['too much to be true', { amount: 100_000_001 }, '#/amount'],
      ['another currency', { currency: 'USD' }, '#/currency'],
      ['no payee', { payee: '' }, '#/payee'],
      ['a list of payees', { payee: ['Power Company'] }, '#/payee'],
    ])('refuses %s before Authsignal is asked', async (_name, change, pointer) => {
      const tracked = emulator.requests.count('track');
      const answer = await ann.pay({ ...SMALL, ...change });
      expect(outcomeOf(answer)).toEqual([400, 'request_invalid']);
      expect(answer.body.errors[0].pointer).toBe(pointer);
      expect(emulator.requests.count('track')).toBe(tracked);
    });

    it.each([
      ['too large', { amount: 1_000_001 }, 'step_up_blocked'],
      ['to a payee on the watch list', { payee: 'REVIEW ME' }, 'step_up_review_pending'],
    ])('pays nothing that is %s', async (_name, change, code) => {
      const before = await ann.payments();
      expect(outcomeOf(await ann.pay({ ...SMALL, ...change }))).toEqual([403, code]);
      expect(await ann.payments()).toEqual(before);
    });

    it('pays nothing while Authsignal is out of reach', async () => {
      const proof = await ann.prove(await ann.pay(LARGE));
      const before = await ann.payments();
      emulator.faults.add({ kind: 'status', status: 503 });
      expect(outcomeOf(await ann.pay(SMALL))).toEqual([503, 'step_up_unavailable']);
      expect(outcomeOf(await ann.pay(LARGE, proof))).toEqual([503, 'step_up_unavailable']);
      expect(await ann.payments()).toEqual(before);
    });

    it('pays no form, which another site could send', async () => {
      const before = await ann.payments();
      const answer = await ann.browser.post('/payments').type('form').send(SMALL);
      expect(outcomeOf(answer)).toEqual([500, 'step_up_misconfigured']);
      expect(await ann.payments()).toEqual(before);
    });
  });

  it('says what there is, and no more', async () => {
    const answer = await request(bank.url).get('/routes');
    expect(Object.keys(answer.body)).toEqual([
      'GET /',
      'GET /config',
      'POST /login',
      'POST /logout',
      'GET /me',
      'POST /payments',
      'GET /payments',
      'GET /whatsapp',
      'POST /whatsapp/enrollment',
      'POST /whatsapp/enrollment/verify',
      'POST /whatsapp/phone-number',
      'POST /whatsapp/phone-number/verify',
      'POST /whatsapp/verified-number',
      'POST /whatsapp/sign-in',
      'POST /whatsapp/sign-in/verify',
      'POST /whatsapp/resend',
    ]);
    expect(answer.headers['x-powered-by']).toBeUndefined();
  });

  it('pays once even if a restart has forgotten the used proof', async () => {
    const payment = { ...LARGE, payee: 'Restart' };
    const proof = await ann.prove(await ann.pay(payment));
    expect((await ann.pay(payment, proof)).status).toBe(201);
    // The same database and tenant, as after a restart, yet a memory that is new.
    const restarted = await start(configuration, () => undefined);
    try {
      const cookies = ann.browser.jar.getCookies(ANYWHERE).toValueString();
      const answer = await request(restarted.url)
        .post('/payments')
        .set({ cookie: cookies, 'step-up-proof': proof })
        .send(payment);
      expect([answer.status, answer.body.message]).toEqual([
        409,
        'This approval was used for another payment.',
      ]);
    } finally {
      await restarted.stop();
    }
    expect(stored("payee = 'Restart'")).toHaveLength(1);
  });
});

const ANYWHERE = { domain: '127.0.0.1', path: '/', secure: false, script: false };
