import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  HttpAuthsignal,
  type HttpAuthsignalSettings,
} from '../../../src/authsignal/http-authsignal.js';
import { FAULTS, huge, NOW_MS } from './faults.js';
import { challenge, PORT_CALLS, type PortCall, track } from './port-calls.js';
import { answer, GOOD_ANSWER, StubApi } from './stub-api.js';

const SOON_MS = 150;
const AMPLE_MS = 20_000;

let stub: StubApi;
const opened: HttpAuthsignal[] = [];

beforeEach(async () => {
  stub = await StubApi.start();
});

afterEach(async () => {
  // First, for a call that still hangs would hold the client open until its deadline.
  await stub.stop();
  await Promise.all(opened.splice(0).map((client) => client.close()));
});

function client(settings: Partial<HttpAuthsignalSettings> = {}): HttpAuthsignal {
  const made = new HttpAuthsignal({
    apiSecretKey: 'the/secret+key=',
    apiUrl: stub.apiUrl,
    timeoutMs: AMPLE_MS,
    sendTimeoutMs: AMPLE_MS,
    clock: { now: () => NOW_MS },
    ...settings,
  });
  opened.push(made);
  return made;
}

/** Only the call under test has a short deadline; the good one after it may take its time. */
function impatient(call: PortCall): HttpAuthsignal {
  return call === challenge ? client({ sendTimeoutMs: SOON_MS }) : client({ timeoutMs: SOON_MS });
}

/** undici gives a connection out again one turn after its last answer. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function afterwards(call: PortCall): PortCall {
  return call === challenge ? track : challenge;
}

describe.each(PORT_CALLS)('$name', (call) => {
  it.each(FAULTS)('under the fault: $name', async (fault) => {
    fault.install(stub);
    const authsignal = fault.isEndless ? impatient(call) : client();
    const closed = stub.nextClose();

    const result = await call.make(authsignal);

    expect(result).toEqual({ ok: false, failure: { ...fault.failure, call: call.name } });
    expect(stub.arrivals).toHaveLength(fault.isLost && call.isRepeatable ? 2 : 1);
    if (fault.isEndless) {
      await closed;
    }
    stub.becomeGood();
    await expect(afterwards(call).make(authsignal)).resolves.toMatchObject({ ok: true });
  });

  it('succeeds when the answer is good, also after a 103, in pieces and under any 2xx', async () => {
    stub.respond = ({ method, target, response }) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      const isList = method === 'GET' && target.endsWith('/authenticators');
      const text = JSON.stringify(isList ? [GOOD_ANSWER.authenticator] : GOOD_ANSWER);
      response.writeHead(201, { 'content-type': 'text/plain' });
      response.write(text.slice(0, 10));
      setTimeout(() => response.end(text.slice(10)), 20);
    };
    await expect(call.make(client())).resolves.toMatchObject({ ok: true });
    expect(stub.arrivals).toHaveLength(1);
  });

  it('is refused for a field that is missing or of another type', async () => {
    stub.respond = ({ response }) => answer(response, 200, '{"isEnrolled":"yes","state":7}');
    await expect(call.make(client())).resolves.toMatchObject({
      ok: false,
      failure: { kind: 'wrong_shape', call: call.name, status: 200, field: expect.any(String) },
    });
  });

  it('is sent once more at most when a kept connection turns out to be dead', async () => {
    const authsignal = client();
    await track.make(authsignal);
    await turnOfTheLoop();
    const stale = stub.openSockets;
    stub.respond = (arrival) => {
      if (stale.includes(arrival.socket)) {
        arrival.socket.resetAndDestroy();
      } else {
        answer(arrival.response, 200, JSON.stringify([GOOD_ANSWER.authenticator]));
      }
    };

    const result = await call.make(authsignal);

    expect(stub.arrivals).toHaveLength(call.isRepeatable ? 3 : 2);
    expect(result).toMatchObject({
      ok: call.name === 'getAuthenticators',
      ...(call.isRepeatable ? {} : { failure: { kind: 'connection_reset' } }),
    });
  });

  it.each([
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('arrives once on a new connection if the idle one was %s before', async (_how, cut) => {
    const authsignal = client();
    await track.make(authsignal);
    await turnOfTheLoop();
    stub.openSockets.forEach(cut);

    await expect(call.make(authsignal)).resolves.toMatchObject({ ok: true });

    expect(stub.arrivals).toHaveLength(2);
    expect(stub.connections).toBe(2);
  });

  it('never arrives where connections are reset before anything is read', async () => {
    stub.onConnection = (socket) => socket.resetAndDestroy();
    const authsignal = client();
    await expect(call.make(authsignal)).resolves.toEqual({
      ok: false,
      failure: { kind: 'connection_reset', call: call.name },
    });
    expect(stub.arrivals).toHaveLength(0);
    expect(stub.connections).toBeLessThanOrEqual(2);
    stub.becomeGood();
    await expect(call.make(authsignal)).resolves.toMatchObject({ ok: true });
  });

  it('tells that nobody listens', async () => {
    const authsignal = client();
    await stub.stop();
    await expect(call.make(authsignal)).resolves.toEqual({
      ok: false,
      failure: { kind: 'connection_refused', call: call.name },
    });
  });
});

describe('the deadline', () => {
  it('covers the repetition', async () => {
    stub.respond = ({ socket }) => {
      stub.respond = () => undefined;
      socket.resetAndDestroy();
    };
    await expect(track.make(impatient(track))).resolves.toMatchObject({
      failure: { kind: 'timed_out' },
    });
    expect(stub.arrivals).toHaveLength(2);
  });

  it('covers the wait for a connection; what expired there is no outage, never sent, and hurts nobody', async () => {
    const authsignal = client({ connections: 1, timeoutMs: SOON_MS });
    let release = (): void => undefined;
    stub.respond = ({ response }) => {
      release = () => answer(response, 200, JSON.stringify(GOOD_ANSWER));
    };
    const first = challenge.make(authsignal);

    const waiting = [track, track, track].map((call) => call.make(authsignal));
    for (const result of await Promise.all(waiting)) {
      expect(result).toMatchObject({ failure: { kind: 'overloaded' } });
    }

    stub.becomeGood();
    release();
    await expect(first).resolves.toMatchObject({ ok: true });
    await expect(challenge.make(authsignal)).resolves.toMatchObject({ ok: true });
    expect(stub.arrivals.map(({ target }) => target)).toEqual(['/v1/challenge', '/v1/challenge']);
    expect(stub.connections).toBe(1);
  });

  it('covers the making of a connection', async () => {
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const closed = new Promise((resolve) => {
      silent.on('connection', (socket) =>
        socket.on('error', resolve).on('close', resolve).resume(),
      );
    });
    const { port } = silent.address() as AddressInfo;
    const authsignal = client({ apiUrl: `https://127.0.0.1:${port}/v1`, timeoutMs: SOON_MS });

    await expect(track.make(authsignal)).resolves.toEqual({
      ok: false,
      failure: { kind: 'timed_out', call: 'track' },
    });

    await closed;
    await authsignal.close();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('leaves an answer alone that is slow but in time', async () => {
    stub.respond = ({ response }) => {
      setTimeout(() => answer(response, 200, JSON.stringify(GOOD_ANSWER)), 200);
    };
    await expect(challenge.make(client({ timeoutMs: SOON_MS }))).resolves.toMatchObject({
      ok: true,
    });
  });
});

describe('the connection', () => {
  it('is kept and used again', async () => {
    const authsignal = client();
    for (const call of PORT_CALLS) {
      await call.make(authsignal);
      await turnOfTheLoop();
    }
    expect(stub.arrivals).toHaveLength(PORT_CALLS.length);
    expect(stub.connections).toBe(1);
  });

  it('is destroyed when an answer grows too long', async () => {
    huge.install(stub);
    const closed = stub.nextClose();
    await track.make(client());
    await closed;
  });

  it('is refused to a server that does not speak TLS', async () => {
    const apiUrl = stub.apiUrl.replace('http:', 'https:');
    await expect(track.make(client({ apiUrl }))).resolves.toEqual({
      ok: false,
      failure: { kind: 'connection_refused', call: 'track' },
    });
    expect(stub.arrivals).toHaveLength(0);
  });
});

describe('a redirect', () => {
  it('is not followed, so its target never sees the secret', async () => {
    const seen: unknown[] = [];
    const target = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(target.address() as AddressInfo).port}/v1/x`;
    for (const status of [301, 302, 303, 307, 308]) {
      stub.respond = ({ response }) => answer(response, status, '', { location });
      await expect(track.make(client())).resolves.toEqual({
        ok: false,
        failure: { kind: 'unexpected_status', call: 'track', status },
      });
    }
    expect(stub.arrivals).toHaveLength(5);
    expect(seen).toEqual([]);
    await new Promise((resolve) => target.close(resolve));
  });
});

describe('close', () => {
  it('lets calls under way finish, fails later ones and may be repeated', async () => {
    const authsignal = client({ connections: 1 });
    let release = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      stub.respond = ({ response }) => {
        release = () => answer(response, 200, JSON.stringify(GOOD_ANSWER));
        resolve();
      };
    });
    const underWay = track.make(authsignal);
    const waiting = challenge.make(authsignal);
    await arrived;

    const closing = [authsignal.close(), authsignal.close()];
    const late = await track.make(authsignal);
    stub.becomeGood();
    release();

    expect(late).toEqual({ ok: false, failure: { kind: 'connection_refused', call: 'track' } });
    await expect(underWay).resolves.toMatchObject({ ok: true });
    await expect(waiting).resolves.toMatchObject({ ok: true });
    await Promise.all(closing);
    await authsignal.close();
    await expect(track.make(authsignal)).resolves.toMatchObject({ ok: false });
    expect(stub.arrivals).toHaveLength(2);
  });

  it('is harmless before any call', async () => {
    await expect(client().close()).resolves.toBeUndefined();
  });
});
