import { Agent, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Emulator, type Fault, startEmulator } from 'authsignal-guard/emulator';
import { RawClient } from './raw-client.js';

let emulator: Emulator;
let api: RawClient;
beforeAll(async () => {
  emulator = await startEmulator();
  api = new RawClient(emulator);
});
afterAll(() => emulator.stop());
beforeEach(() => {
  emulator.faults.clear();
  emulator.requests.clear();
});

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The answer ended before its time. */
  readonly isCut: boolean;
}

/** One POST on a connection of its own; rejects if the connection ends without an answer. */
function post(path: string, body: object = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${emulator.apiUrl}${path}`, {
      method: 'POST',
      agent: new Agent({ keepAlive: false }),
      auth: `${emulator.secret}:`,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      let text = '';
      const done = (isCut: boolean) =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, isCut });
      incoming.on('data', (chunk) => {
        text += String(chunk);
      });
      incoming.on('end', () => done(false));
      incoming.on('error', () => done(true));
    });
    outgoing.end(JSON.stringify(body));
  });
}

const send = (phoneNumber: string) =>
  post('/challenge', { verificationMethod: 'WHATSAPP', action: 'signIn', phoneNumber });

describe('faults', () => {
  it('cut the connection before the request is carried out', async () => {
    emulator.faults.add({ kind: 'reset-before', match: { call: 'challenge' } });
    await expect(send('+6421100001')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(emulator.inbox.messages('+6421100001')).toEqual([]);
    expect(emulator.requests.count('challenge')).toBe(1);
  });

  it('cut the connection after the request was carried out', async () => {
    emulator.faults.add({ kind: 'reset-after', match: { call: 'challenge' } });
    await expect(send('+6421100002')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(emulator.inbox.messages('+6421100002')).toHaveLength(1);
  });

  it('cut the answer in the middle', async () => {
    emulator.faults.add({ kind: 'truncated' });
    const got = await post('/validate', { token: 'x' });
    expect(got).toMatchObject({ status: 200, isCut: true });
    expect('{"isValid":false,"error":"Token is invalid."}').toContain(got.text);
  });

  it.each<[string, Fault, object]>([
    [
      'a status with the SDKs’ error body',
      { kind: 'status', status: 400 },
      {
        status: 400,
        text: '{"error":"invalid_request","errorCode":"invalid_request","errorDescription":"A fault of the emulator."}',
      },
    ],
    [
      'a rate limit with Retry-After',
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { status: 429, headers: expect.objectContaining({ 'retry-after': '7' }) },
    ],
    [
      'a body of the test’s own',
      { kind: 'status', status: 503, body: { message: 'down' } },
      { status: 503, text: '{"message":"down"}' },
    ],
    [
      'HTML',
      { kind: 'html' },
      {
        status: 502,
        text: expect.stringContaining('<h1>'),
        headers: expect.objectContaining({ 'content-type': 'text/html' }),
      },
    ],
    ['HTML with 200', { kind: 'html', status: 200 }, { status: 200 }],
    ['nothing', { kind: 'empty' }, { status: 200, text: '' }],
    ['an empty 401', { kind: 'empty', status: 401 }, { status: 401, text: '' }],
    [
      'half a JSON',
      { kind: 'malformed-json' },
      { status: 200, text: expect.stringMatching(/^\{/) },
    ],
    [
      'a redirect',
      { kind: 'redirect', headers: { location: 'http://127.0.0.1:1/' } },
      { status: 302, headers: expect.objectContaining({ location: 'http://127.0.0.1:1/' }) },
    ],
    [
      'an answer without a field',
      { kind: 'missing-fields', fields: ['error'] },
      { text: '{"isValid":false}' },
    ],
    ['an answer without fields', { kind: 'missing-fields' }, { text: '{}' }],
    [
      'an answer of other types',
      { kind: 'wrong-types' },
      { text: '{"isValid":"false","error":42}' },
    ],
    [
      'one field of another type',
      { kind: 'wrong-types', fields: ['isValid'] },
      { text: '{"isValid":"false","error":"Token is invalid."}' },
    ],
  ])('answer %s', async (_what, fault, expected) => {
    emulator.faults.add(fault);
    expect(await post('/validate', { token: 'x' })).toMatchObject(expected);
  });

  it('answer more than anybody wants to read', async () => {
    emulator.faults.add({ kind: 'huge', sizeBytes: 100_000 });
    const got = await post('/validate', { token: 'x' });
    expect(got.text.length).toBeGreaterThan(100_000);
    expect(JSON.parse(got.text)).toMatchObject({ isValid: false });
  });

  it('can carry the request out and still answer 500', async () => {
    emulator.faults.add({ kind: 'status', status: 500, process: true });
    expect((await send('+6421100003')).status).toBe(500);
    expect(emulator.inbox.messages('+6421100003')).toHaveLength(1);
  });

  it('wait before the answer that would have come anyway', async () => {
    emulator.faults.add({ kind: 'latency', delayMs: 1 });
    expect(await post('/validate', { token: 'x' })).toMatchObject({ status: 200 });
  });

  it('are there so many times, for whom they match, until removed', async () => {
    emulator.faults.add({ kind: 'status', status: 500, times: 2, match: { call: ['validate'] } });
    const remove = emulator.faults.add({ kind: 'status', status: 503, match: { method: 'get' } });
    emulator.faults.add({ kind: 'status', status: 418, match: { path: '/v1/users/ann' } });
    emulator.faults.add({ kind: 'status', status: 404, match: { path: /^\/v1\/claim$/ } });
    const statusOf = async (method: string, path: string) =>
      (await api.server(method, path, method === 'GET' ? undefined : { token: 'x' })).status;
    expect(await statusOf('POST', '/validate')).toBe(500);
    expect(await statusOf('GET', '/users/ann')).toBe(503);
    expect(await statusOf('POST', '/validate')).toBe(500);
    expect(await statusOf('POST', '/validate')).toBe(200);
    remove();
    expect(await statusOf('GET', '/users/ann')).toBe(418);
    expect(await statusOf('GET', '/users/bob')).toBe(200);
    expect(await statusOf('POST', '/claim')).toBe(404);
  });

  it.each(['hang', 'slow-body'] as const)('%s until stop() lets go', async (kind) => {
    const other = await startEmulator();
    other.faults.add({ kind });
    const outgoing = fetch(`${other.apiUrl}/users/ann`, {
      headers: { authorization: `Basic ${btoa(`${other.secret}:`)}` },
    }).then((answer) => answer.text());
    const settled = outgoing.then(
      () => 'answered',
      () => 'cut',
    );
    while (other.requests.count('getUser') === 0) await new Promise(setImmediate);
    await other.stop();
    expect(await settled).toBe('cut');
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

describe('requests', () => {
  it('are logged without the secret and counted for each call', async () => {
    await api.track('ann', 'pay', { custom: { amount: 1 } });
    await api.validate('x');
    await api.validate('y');
    expect(emulator.requests.count()).toBe(3);
    expect(emulator.requests.count('validate')).toBe(2);
    expect(emulator.requests.count('claim')).toBe(0);
    const [tracked] = emulator.requests.all('track');
    expect(tracked).toMatchObject({
      call: 'track',
      method: 'POST',
      path: '/v1/users/ann/actions/pay',
      body: { custom: { amount: 1 } },
      status: 200,
      headers: { authorization: 'Basic' },
    });
    expect(JSON.stringify(emulator.requests.all())).not.toContain(
      Buffer.from(`${emulator.secret}:`).toString('base64'),
    );
  });

  it('have no status as long as nothing was answered', async () => {
    emulator.faults.add({ kind: 'reset-after' });
    await expect(send('+6421100004')).rejects.toThrow();
    expect(emulator.requests.all()[0]).not.toHaveProperty('status');
  });

  it('keep the newest 1,000 and go on counting', async () => {
    for (let batch = 0; batch < 21; batch += 1) {
      await Promise.all(Array.from({ length: 100 }, () => fetch(`${emulator.url}/nowhere`)));
    }
    expect(emulator.requests.all()).toHaveLength(1_000);
    expect(emulator.requests.count('unknown')).toBe(2_100);
  });
});
