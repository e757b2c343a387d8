import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { JSDOM } from 'jsdom';

/** The package's own types cannot be resolved with `nodenext`; these are the parts that are called. */
interface Answered<T> {
  data?: T;
  error?: string;
  errorCode?: string;
  errorDescription?: string;
}
interface Verified {
  isVerified: boolean;
  token?: string;
  failureReason?: string;
}
interface Browser {
  readonly anonymousId: string;
  setToken(token: string): void;
  readonly whatsapp: {
    challenge(): Promise<Answered<{ challengeId: string }>>;
    verify(given: { code: string }): Promise<Answered<Verified>>;
  };
  readonly sms: {
    enroll(given: {
      phoneNumber: string;
    }): Promise<Answered<{ userAuthenticatorId: string; userId: string }>>;
    challenge(): Promise<Answered<{ challengeId: string }>>;
    verify(given: { code: string }): Promise<Answered<Verified>>;
  };
  readonly email: {
    challenge(): Promise<Answered<{ challengeId: string }>>;
    verify(given: { code: string }): Promise<Answered<Verified>>;
  };
}
interface Sdk {
  readonly Authsignal: new (options: {
    tenantId: string;
    baseUrl: string;
    onTokenExpired?: () => void;
  }) => Browser;
}

const ACTION_CODE = 'createPayment';
const onTokenExpired = jest.fn();
let emulator: Emulator;
let dom: JSDOM;
let browser: Browser;
let users = 0;
let userId = '';
let phoneNumber = '';

async function serverCall(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${emulator.apiUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${emulator.secret}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const value: unknown = await answer.json();
  return value as Record<string, unknown>;
}

async function track(): Promise<string> {
  const answer = await serverCall(`/users/${userId}/actions/${ACTION_CODE}`, {});
  return String(answer.token);
}

const validate = (token: string) => serverCall('/validate', { token, userId, action: ACTION_CODE });

beforeAll(async () => {
  emulator = await startEmulator({ actions: { [ACTION_CODE]: { outcome: 'CHALLENGE' } } });
  dom = new JSDOM('<!doctype html><body></body>', { url: 'http://shop.bank.test/' });
  // A page has these as globals; jsdom itself has no fetch, so Node's serves.
  Object.assign(globalThis, { window: dom.window, document: dom.window.document });
  const loaded: unknown = await import('@authsignal/browser');
  const { Authsignal } = loaded as Sdk;
  const { tenantId, apiUrl } = emulator;
  browser = new Authsignal({ tenantId, baseUrl: apiUrl, onTokenExpired });
});
afterAll(async () => {
  dom.window.close();
  await emulator.stop();
});

beforeEach(() => {
  users += 1;
  userId = `user-${users}`;
  phoneNumber = `+6421${String(7_000_000 + users)}`;
  emulator.users.enroll(userId, { phoneNumber });
  onTokenExpired.mockClear();
});

describe('@authsignal/browser', () => {
  it('is a page of its own, with a device id in its cookie', () => {
    expect(dom.window.document.cookie).toContain(`__as_aid=${browser.anonymousId}`);
  });

  it('completes a challenge, and the token of the answer is valid', async () => {
    const token = await track();
    browser.setToken(token);
    const challenged = await browser.whatsapp.challenge();
    expect(challenged).toEqual({ data: { challengeId: expect.any(String) } });
    expect(await validate(token)).toMatchObject({ isValid: false, state: 'CHALLENGE_REQUIRED' });

    const code = await emulator.inbox.waitForCode(phoneNumber);
    const verified = await browser.whatsapp.verify({ code });
    expect(verified).toEqual({ data: { isVerified: true, token: expect.any(String) } });
    for (const proof of [verified.data?.token ?? '', token]) {
      expect(await validate(proof)).toMatchObject({
        isValid: true,
        state: 'CHALLENGE_SUCCEEDED',
        verificationMethod: 'WHATSAPP',
      });
    }
  });

  it('tells a wrong code, and the right one still counts', async () => {
    browser.setToken(await track());
    await browser.whatsapp.challenge();
    const code = await emulator.inbox.waitForCode(phoneNumber);
    expect(await browser.whatsapp.verify({ code: 'wrong' })).toEqual({
      data: { isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' },
    });
    expect((await browser.whatsapp.verify({ code })).data?.isVerified).toBe(true);
  });

  it('tells when the attempts are used up', async () => {
    browser.setToken(await track());
    await browser.whatsapp.challenge();
    const reasons: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      reasons.push((await browser.whatsapp.verify({ code: 'no' })).data?.failureReason);
    }
    expect(reasons.slice(0, 9)).toEqual(new Array(9).fill('CODE_INVALID_OR_EXPIRED'));
    expect(reasons[9]).toBe('MAX_ATTEMPTS_EXCEEDED');
    const code = await emulator.inbox.waitForCode(phoneNumber);
    expect(await browser.whatsapp.verify({ code })).toMatchObject({
      errorCode: 'too_many_requests',
    });
    emulator.clock.advance(5 * 60_000);
    expect((await browser.whatsapp.verify({ code })).data).toEqual({
      isVerified: false,
      failureReason: 'MAX_ATTEMPTS_EXCEEDED',
    });
  });

  it('is told that the token has expired', async () => {
    browser.setToken(await track());
    emulator.clock.advance(600_001);
    const expired = {
      error: 'The token has expired.',
      errorCode: 'expired_token',
      errorDescription: 'The token has expired.',
    };
    expect(await browser.whatsapp.challenge()).toEqual(expired);
    expect(await browser.whatsapp.verify({ code: '123456' })).toEqual(expired);
    expect(onTokenExpired).toHaveBeenCalledTimes(2);
  });

  it('is told that the token is none', async () => {
    browser.setToken('nonsense');
    expect(await browser.whatsapp.challenge()).toMatchObject({ errorCode: 'unauthorized' });
    expect(onTokenExpired).not.toHaveBeenCalled();
  });

  it('is limited to six messages in ten minutes', async () => {
    browser.setToken(await track());
    for (let send = 0; send < 6; send += 1) {
      expect(await browser.whatsapp.challenge()).toHaveProperty('data.challengeId');
    }
    expect(await browser.whatsapp.challenge()).toEqual({
      error: 'Too many requests. Wait before trying again.',
      errorCode: 'too_many_requests',
      errorDescription: 'Too many requests. Wait before trying again.',
    });
    expect(emulator.inbox.messages(phoneNumber)).toHaveLength(6);
    emulator.clock.advance(10 * 60_000);
    browser.setToken(await track());
    expect(await browser.whatsapp.challenge()).toHaveProperty('data.challengeId');
  });

  it('gets a new code on another challenge, and the old one is dead', async () => {
    browser.setToken(await track());
    const first = await browser.whatsapp.challenge();
    const old = await emulator.inbox.waitForCode(phoneNumber);
    expect(await browser.whatsapp.challenge()).toEqual(first);
    const fresh = await emulator.inbox.waitForCode(phoneNumber);
    expect((await browser.whatsapp.verify({ code: old })).data?.isVerified).toBe(false);
    expect((await browser.whatsapp.verify({ code: fresh })).data?.isVerified).toBe(true);
  });
});

describe('@authsignal/browser without WhatsApp', () => {
  beforeEach(() => emulator.users.delete(userId));

  it('completes a challenge by SMS', async () => {
    emulator.users.enroll(userId, { verificationMethod: 'SMS', phoneNumber });
    const token = await track();
    browser.setToken(token);
    expect(await browser.sms.challenge()).toEqual({ data: { challengeId: expect.any(String) } });
    expect(emulator.inbox.latest(phoneNumber)?.channel).toBe('SMS');
    const code = await emulator.inbox.waitForCode(phoneNumber);
    expect(await browser.sms.verify({ code: 'wrong' })).toEqual({
      data: { isVerified: false, failureReason: 'CODE_INVALID_OR_EXPIRED' },
    });
    const verified = await browser.sms.verify({ code });
    expect(verified).toEqual({ data: { isVerified: true, token: expect.any(String) } });
    expect(await validate(verified.data?.token ?? '')).toMatchObject({
      state: 'CHALLENGE_SUCCEEDED',
      verificationMethod: 'SMS',
    });
  });

  it('enrolls a first number by SMS once its code was verified', async () => {
    browser.setToken(await track());
    expect(await browser.sms.enroll({ phoneNumber: 'none' })).toMatchObject({
      errorCode: 'invalid_request',
    });
    expect(await browser.sms.enroll({ phoneNumber })).toEqual({
      data: { userAuthenticatorId: expect.any(String), userId },
    });
    expect(emulator.users.get(userId)?.authenticators).toEqual([]);
    await browser.sms.challenge();
    const code = await emulator.inbox.waitForCode(phoneNumber);
    expect((await browser.sms.verify({ code })).data?.isVerified).toBe(true);
    expect(emulator.users.get(userId)?.authenticators).toMatchObject([
      { verificationMethod: 'SMS', phoneNumber },
    ]);
  });

  it('completes a challenge by e-mail', async () => {
    const email = `${userId}@bank.test`;
    emulator.users.enroll(userId, { verificationMethod: 'EMAIL_OTP', email });
    browser.setToken(await track());
    await browser.email.challenge();
    const code = await emulator.inbox.waitForCode(email);
    expect((await browser.email.verify({ code })).data?.isVerified).toBe(true);
  });
});

describe('what a browser checks before it lets the page read', () => {
  const url = () => `${emulator.apiUrl}/client/challenge/whatsapp`;
  const origin = 'https://shop.bank.test';

  it('allows the preflight for the exact origin', async () => {
    const answer = await fetch(url(), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
      'access-control-allow-headers': 'authorization,content-type',
      vary: 'origin',
    });
  });

  it('answers the call itself, refusals and faults with the origin', async () => {
    const refused = await fetch(url(), { method: 'POST', headers: { origin } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
    emulator.faults.add({ kind: 'status', status: 503, times: 1 });
    const faulty = await fetch(url(), { method: 'POST', headers: { origin } });
    expect(faulty.status).toBe(503);
    expect(faulty.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('lets no page call the Server API', async () => {
    const answer = await fetch(`${emulator.apiUrl}/validate`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('takes a challenge with an empty body that is declared to be JSON', async () => {
    const answer = await fetch(url(), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await track()}`,
        'content-type': 'application/json',
        origin,
      },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ challengeId: expect.any(String) });
  });

  it('refuses a call that names its tenant but has no token', async () => {
    const answer = await fetch(url(), {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(emulator.tenantId)}` },
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: 'unauthorized', errorCode: 'unauthorized' });
  });
});
