import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { HttpAuthsignal } from '../../../src/authsignal/http-authsignal.js';
import { FAULTS, type Fault, NOW_MS } from './faults.js';
import { PORT_CALLS } from './port-calls.js';
import { answer, StubApi } from './stub-api.js';

const SECRET = 'sk_live_0123456789abcdef';
const ENCODED = Buffer.from(`${SECRET}:`).toString('base64').replace(/=+$/, '');

let stub: StubApi;
let authsignal: HttpAuthsignal;

beforeEach(async () => {
  stub = await StubApi.start();
  authsignal = new HttpAuthsignal({
    apiSecretKey: SECRET,
    apiUrl: stub.apiUrl,
    timeoutMs: 150,
    sendTimeoutMs: 150,
    clock: { now: () => NOW_MS },
  });
});

afterEach(async () => {
  await stub.stop();
  await authsignal.close();
});

/** Everything that can be read off a value: own and inherited, hidden and by symbol. */
function textsWithin(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    return [];
  }
  if (seen.has(value)) {
    return [];
  }
  seen.add(value);
  const texts: string[] = [inspect(value, { depth: null, showHidden: true })];
  for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const key of Reflect.ownKeys(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      texts.push(String(key), ...textsWithin(descriptor?.value, seen));
    }
  }
  return texts;
}

function expectNoSecret(value: unknown): void {
  const texts = [...textsWithin(value), JSON.stringify(value) ?? '', String(value)];
  expect(texts.filter((text) => text.includes(SECRET) || text.includes(ENCODED))).toEqual([]);
}

/** Servers that send back what they were given, in every place that we read. */
const ECHOES: readonly Fault[] = [400, 401, 403, 429].flatMap((status) =>
  [SECRET, ENCODED, `x-${SECRET}`].map((echo) => ({
    name: `${status} that echoes ${echo}`,
    failure: { kind: 'rejected' as const },
    install: (api: StubApi) => {
      api.respond = ({ response }) =>
        answer(response, status, JSON.stringify({ error: echo, errorCode: echo, [echo]: echo }), {
          'retry-after': echo,
        });
    },
  })),
);

describe('the secret', () => {
  it('is found by this very search where it is not hidden', () => {
    expect(() => expectNoSecret({ nested: [{ [Symbol('x')]: `Basic ${ENCODED}` }] })).toThrow();
    expect(() => expectNoSecret(new Error(`for ${SECRET}`))).toThrow();
  });

  it.each([...FAULTS, ...ECHOES])('is in no result under the fault: $name', async (fault) => {
    fault.install(stub);
    const results = await Promise.all(PORT_CALLS.map((call) => call.make(authsignal)));
    for (const result of results) {
      expect(result.ok).toBe(false);
      expectNoSecret(result);
    }
    expectNoSecret(authsignal);
  });

  it('is in no result when the connection fails or the client is closed', async () => {
    await stub.stop();
    const refused = await Promise.all(PORT_CALLS.map((call) => call.make(authsignal)));
    await authsignal.close();
    const closed = await Promise.all(PORT_CALLS.map((call) => call.make(authsignal)));
    for (const result of [...refused, ...closed]) {
      expect(result).toMatchObject({ ok: false, failure: { kind: 'connection_refused' } });
      expectNoSecret(result);
    }
  });

  it('is not in the instance, however it is looked at', () => {
    expect(inspect(authsignal, { depth: null, showHidden: true })).toBe('HttpAuthsignal {}');
    expect(JSON.stringify(authsignal)).toBe('{}');
    expect({ ...authsignal }).toEqual({});
    expectNoSecret(authsignal);
  });

  it('is in no error of a setting that cannot be', () => {
    const caught: unknown[] = [];
    try {
      new HttpAuthsignal({ apiSecretKey: SECRET, apiUrl: 'nowhere' });
    } catch (error) {
      caught.push(error);
    }
    expect(caught).toHaveLength(1);
    expectNoSecret(caught[0]);
  });
});

describe('the global axios of the host', () => {
  const interceptors = () =>
    [axios.interceptors.request, axios.interceptors.response].map(
      // Not declared, and the only place where they can be counted.
      (manager) => ('handlers' in manager ? Object(manager.handlers).length : undefined),
    );

  it('is as it was, and sends a failing POST once', async () => {
    const before = { counts: interceptors(), adapter: axios.defaults.adapter };
    expect(before.counts).toEqual([0, 0]);
    await Promise.all(PORT_CALLS.map((call) => call.make(authsignal)));
    expect({ counts: interceptors(), adapter: axios.defaults.adapter }).toEqual(before);

    let sent = 0;
    stub.respond = ({ socket }) => {
      sent += 1;
      socket.resetAndDestroy();
    };
    await expect(axios.post(`${stub.origin}/host`, { a: 1 })).rejects.toThrow();
    expect(sent).toBe(1);
  });
});

describe('the event loop', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  it('is left without a timer, however the calls ended', async () => {
    const before = timers();
    await Promise.all(PORT_CALLS.map((call) => call.make(authsignal)));
    expect(timers()).toBe(before);
    stub.respond = () => undefined;
    const hanging = PORT_CALLS.map((call) => call.make(authsignal));
    expect(timers()).toBeGreaterThan(before);
    await Promise.all(hanging);
    await stub.stop();
    await Promise.all(PORT_CALLS.map((call) => call.make(authsignal)));
    await authsignal.close();
    expect(timers()).toBe(before);
  });
});
