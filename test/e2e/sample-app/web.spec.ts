import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import request from 'supertest';
import { startExpressBank } from '../../../sample-app/express/start-express-bank.js';
import { startNestBank } from '../../../sample-app/nest/start-nest-bank.js';
import { pageConfig } from '../../../sample-app/server/page-config.js';
import { pagePolicy } from '../../../sample-app/server/page-policy.js';
import type { RunningBank } from '../../../sample-app/server/running-bank.js';
import { REFUSAL_CODES } from '../../../src/core/wire.js';
import { Customer, SMALL } from './customer.js';

jest.setTimeout(240_000);

const WEB = '../../../sample-app/web';
const SETTINGS = { host: '127.0.0.1', port: 0, databaseFile: ':memory:', tenant: undefined };
const html = readFileSync(new URL(`${WEB}/index.html`, import.meta.url), 'utf8');

/** Of the `Content-Security-Policy`. */
function directives(policy: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    String(policy)
      .split('; ')
      .map((directive) => directive.split(/ (.*)/).slice(0, 2)),
  );
}

describe.each([
  ['NestJS', startNestBank],
  ['Express', startExpressBank],
])('what a browser fetches from the bank in %s', (_name, start) => {
  let bank: RunningBank;
  beforeAll(async () => {
    bank = await start(SETTINGS, () => undefined);
  });
  afterAll(() => bank.stop());
  const get = (path: string) => request(bank.url).get(path);

  it('is a page that runs its own scripts and nothing else', async () => {
    const { status, headers, text } = await get('/?from=somewhere');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toBe(html);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    const [, importMap = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(text) ?? [];
    const hash = createHash('sha256').update(importMap).digest('base64');
    const { url = '', apiUrl } = { url: bank.authsignal.emulator?.url, ...bank.authsignal };
    expect(directives(headers['content-security-policy'])).toEqual({
      'default-src': "'none'",
      'script-src': `'self' 'sha256-${hash}'`,
      'style-src': "'self' 'unsafe-inline'",
      'style-src-attr': "'none'",
      'img-src': "'self' data:",
      'connect-src': `'self' ${new URL(apiUrl).origin}`,
      'frame-src': new URL(url).origin,
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
  });

  it('is everything that the page and its scripts name', async () => {
    const { imports } = JSON.parse(/importmap">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
    const seen = new Set<string>();
    const follow = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const { status, headers, text, body } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers['x-content-type-options']).toBe('nosniff');
      if (!path.endsWith('.js')) return;
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
      const code = text ?? String(body);
      for (const [, name = ''] of code.matchAll(
        /^(?:import|export) [^;]*?from ['"](.+?)['"];$/gms,
      )) {
        await follow(imports[name] ?? new URL(name, `http://bank${path}`).pathname);
      }
    };
    for (const [, path = ''] of html.matchAll(/(?:src|href)="(\/web\/.+?)"/g)) await follow(path);
    expect([...seen]).toEqual(expect.arrayContaining(Object.values(imports)));
    expect(seen).toContain('/modules/authsignal-guard/browser/step-up-fetch.js');
  });

  it('is the Web SDK as it was published', async () => {
    const file = new URL(
      '../../../node_modules/@authsignal/browser/dist/index.js',
      import.meta.url,
    );
    const { text } = await get('/modules/@authsignal/browser/index.js');
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('is not sent again while it is the same', async () => {
    const first = await get('/web/main.js');
    const again = await get('/web/main.js').set('if-none-match', first.headers.etag ?? '');
    expect([again.status, again.text]).toEqual([304, '']);
    const head = await request(bank.url).head('/web/main.js');
    expect([head.status, head.headers['content-length']]).toEqual([
      200,
      first.headers['content-length'],
    ]);
  });

  it('is the page anew when its policy has changed, which came with it', async () => {
    const first = await get('/');
    const same = await get('/').set('if-none-match', first.headers.etag ?? '');
    expect(same.status).toBe(304);
    // A stand-in on another port.
    const other = await start(SETTINGS, () => undefined);
    const next = await request(other.url)
      .get('/')
      .set('if-none-match', first.headers.etag ?? '');
    await other.stop();
    expect(next.status).toBe(200);
    expect(next.headers['content-security-policy']).not.toBe(
      first.headers['content-security-policy'],
    );
  });

  it.each([
    '/web/',
    '/web/index.html',
    '/web/tsconfig.json',
    '/web/../server/run.ts',
    '/web/%2e%2e/server/run.js',
    '/modules/authsignal-guard/browser/index.d.ts',
    '/modules/authsignal-guard/core/step-up-gate.js',
    '/package.json',
  ])('is nothing else: %s', async (path) => {
    expect((await get(path)).status).toBe(404);
    expect((await request(bank.url).post('/web/main.js')).status).toBe(404);
  });

  it('is what the Web SDK needs, and no secret', async () => {
    const { body, text } = await get('/config');
    const { tenantId, apiUrl, apiSecretKey, emulator } = bank.authsignal;
    expect(body).toEqual({
      authsignal: { tenantId, baseUrl: apiUrl },
      emulatorUrl: emulator?.url,
      demoUsers: expect.arrayContaining([
        { username: 'ann', password: 'ann likes long walks', story: expect.any(String) },
      ]),
    });
    expect(text).not.toContain(apiSecretKey);
  });

  it('ends the session on the server, too, and does no harm without one', async () => {
    const { emulator } = bank.authsignal;
    if (emulator === undefined) throw new Error('There is no stand-in.');
    const ann = await new Customer(bank.url, emulator, 'ann').signedIn();
    const kept = ann.browser.jar.getCookies({
      path: '/',
      domain: '127.0.0.1',
      secure: false,
      script: false,
    });
    const cookie = kept.toValueString();
    const left = await ann.browser.post('/logout');
    expect([left.status, left.text]).toEqual([204, '']);
    expect(left.headers['set-cookie']).toEqual([
      'sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    ]);
    expect((await ann.browser.get('/me')).status).toBe(401);
    expect((await get('/me').set('cookie', cookie)).status).toBe(401);
    // Another site can send this form, but no cookie with it: nobody is signed out.
    const foreign = await request(bank.url).post('/logout');
    expect([foreign.status, foreign.headers['set-cookie']]).toEqual([204, undefined]);
  });
});

describe.each([
  ['NestJS', startNestBank],
  ['Express', startExpressBank],
])('the session of a browser, in %s', (_name, start) => {
  let bank: RunningBank;
  beforeAll(async () => {
    bank = await start(SETTINGS, () => undefined);
  });
  afterAll(() => bank.stop());
  const signedIn = (username: string): Promise<Customer> => {
    const { emulator } = bank.authsignal;
    if (emulator === undefined) throw new Error('There is no stand-in.');
    return new Customer(bank.url, emulator, username).signedIn();
  };
  const cookieOf = ({ browser }: Customer): string =>
    browser.jar
      .getCookies({ path: '/', domain: '127.0.0.1', secure: false, script: false })
      .toValueString();

  it('serves the account that the page shows and no other', async () => {
    const ann = await signedIn('ann');
    const { id } = (await ann.browser.get('/me')).body;
    const as = (account: string) => [
      ann.browser.get('/me').set('x-account', account),
      ann.browser.get('/payments').set('x-account', account),
      ann.browser.post('/payments').set('x-account', account).send(SMALL),
      ann.browser.get('/whatsapp').set('x-account', account),
      ann.browser
        .post('/whatsapp/enrollment')
        .set('x-account', account)
        .send({ phoneNumber: '+64212000001' }),
    ];
    const own = await Promise.all(as(id).map(async (answer) => (await answer).status));
    expect(own.slice(0, 4)).toEqual([200, 200, 201, 200]);
    expect(own[4]).toBe(403);
    const foreign = await Promise.all(as('user-bob').map(async (answer) => (await answer).status));
    expect(foreign).toEqual([401, 401, 401, 401, 401]);
    expect(await ann.payments()).toHaveLength(1);
  });

  it('ends when the browser signs in again', async () => {
    const ann = await signedIn('ann');
    const before = cookieOf(ann);
    expect((await ann.signIn()).status).toBe(200);
    expect((await get(before)).status).toBe(401);
    expect((await get(cookieOf(ann))).status).toBe(200);
  });

  const get = (cookie: string) => request(bank.url).get('/me').set('cookie', cookie);
});

describe('with a tenant of one’s own', () => {
  const authsignal = {
    apiSecretKey: 'kept-to-itself',
    apiUrl: 'https://au.api.authsignal.com/v1',
    tenantId: 'tenant',
    emulator: undefined,
  };

  it('the page may call its API and frame the pre-built UI', () => {
    expect(directives(pagePolicy(html, authsignal))).toMatchObject({
      'connect-src': "'self' https://au.api.authsignal.com",
      'frame-src': 'https://*.authsignal.com',
    });
  });

  it('the page is told of no stand-in', () => {
    const { demoUsers, ...config } = pageConfig(authsignal);
    expect(config).toEqual({
      authsignal: { tenantId: 'tenant', baseUrl: 'https://au.api.authsignal.com/v1' },
    });
    expect(demoUsers).toHaveLength(4);
  });
});

describe('what the page says', () => {
  const load = async (name: string) => import(`${WEB}/${name}`);

  it('has a sentence of its own for every code of a refusal that a user can meet', async () => {
    const { SENTENCES } = await load('sentences.js');
    // A webhook is called by Authsignal, never by the page.
    const codes = REFUSAL_CODES.filter((code) => !code.startsWith('webhook_'));
    const sentences = codes.map((code) => SENTENCES[code]);
    expect(sentences).not.toContain(undefined);
    expect(new Set(sentences).size).toBe(codes.length);
  });

  describe('of the bank’s answers', () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    beforeAll(() => {
      const value = { onLine: true };
      Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
    });
    afterAll(() => {
      Reflect.deleteProperty(globalThis, 'navigator');
      if (own !== undefined) Object.defineProperty(globalThis, 'navigator', own);
    });

    it('is of no broken connection where a script has failed', async () => {
      const { Bank } = await load('bank.js');
      const failure = new TypeError('x is not a function');
      const bank = new Bank(() => Promise.reject(failure));
      await expect(bank.payments()).rejects.toBe(failure);
    });

    it('goes by the bank’s clock, however wrong the one of the phone is', async () => {
      const { Bank } = await load('bank.js');
      const anHourAhead = Date.now() + 3_600_000;
      const date = new Date(anHourAhead).toUTCString();
      const bank = new Bank(async () => new Response('[]', { headers: { date } }));
      await bank.payments();
      const inTenMinutes = new Date(anHourAhead + 600_000).toISOString();
      const leftMs = bank.here(inTenMinutes) - Date.now();
      expect(Math.round(leftMs / 60_000)).toBe(10);
    });
  });

  it('tells a failure that it does not know as one of the bank', async () => {
    const { sentenceFor } = await load('sentences.js');
    for (const unknown of [
      undefined,
      new Error('x'),
      { code: 'new_code' },
      { code: 'constructor' },
    ]) {
      expect(sentenceFor(unknown)).toContain('Something went wrong on our side.');
    }
  });

  it.each([
    [30_000, '30 seconds'],
    [1, '1 second'],
    [120_000, '2 minutes'],
    [36_000_000, '10 hours'],
  ])('tells how long to wait: %s ms', async (retryAfterMs, words) => {
    const { sentenceFor } = await load('sentences.js');
    expect(sentenceFor({ code: 'otp_send_limited', retryAfterMs })).toContain(`in ${words}.`);
  });

  it.each([
    ['20', 2_000],
    ['2,000', 200_000],
    ['2 000.5', 200_050],
    [' 0.01 ', 1],
    ['1,000,000.00', 100_000_000],
    ['1,000,000.01', undefined],
    ['20,00', undefined],
    ['1.234', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('reads the amount %j', async (text, cents) => {
    const { centsOf } = await load('money.js');
    expect(centsOf(text)).toBe(cents);
  });
});
