import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  type CallFailureKind,
  type CircuitEvent,
  HttpAuthsignal,
  type StepUpEvent,
  type StepUpGateOptions,
} from 'authsignal-guard';
import { FakeAuthsignal, TestClock } from 'authsignal-guard/testing';
import type { AuthsignalCall } from '../../../src/core/circuit.js';
import { internalsOf, type StepUpGate } from '../../../src/core/step-up-gate.js';
import { assembleGate } from '../../../src/create-step-up-gate.js';
import { Deferred } from '../../support/deferred.js';
import { stopTime } from '../../support/stopped-time.js';
import { requestOf } from '../core/gate-bench.js';

const time = stopTime();

type Failure = { kind: CallFailureKind; status?: number };

/** An Authsignal of which a test says how each `track` ends. */
class Scripted extends FakeAuthsignal {
  failure: Failure | undefined;
  waiting: Promise<void> | undefined;

  override async track(...given: Parameters<FakeAuthsignal['track']>) {
    const answer = await super.track(...given);
    await this.waiting;
    return this.failure === undefined
      ? answer
      : { ok: false as const, failure: { call: 'track', ...this.failure } };
  }
}

function world(options: Partial<StepUpGateOptions> = { circuitBreaker: {} }) {
  const authsignal = new Scripted();
  const events: StepUpEvent[] = [];
  const lines: string[] = [];
  const gate = assembleGate(
    {
      authsignal,
      secret: 'sixteen characters',
      subject: () => 'alice',
      clock: new TestClock(),
      onEvent: (event) => void events.push(event),
      ...options,
    },
    (line) => lines.push(line),
  );
  const track = async (policy: object = {}) => gate.evaluate(REQUEST, { action: 'pay', ...policy });
  return {
    authsignal,
    gate,
    lines,
    track,
    times: async (count: number) => {
      for (let done = 0; done < count; done += 1) await track();
    },
    sent: () => authsignal.calls.length,
    changes: () =>
      events
        .filter((event): event is CircuitEvent & StepUpEvent => event.type === 'circuit_changed')
        .map(({ call, state }) => `${call} ${state}`),
    events,
  };
}

const REQUEST = { ...requestOf(), raw: {} };
const gatePort = (gate: StepUpGate) => internalsOf(gate).options.port;

const DOWN: Failure = { kind: 'timed_out' };

describe('a circuit', () => {
  it('opens when most of the latest calls failed, but not before five were made', async () => {
    const { authsignal, times, sent, gate, changes } = world();
    authsignal.failure = DOWN;
    await times(4);
    expect(gate.health()).toMatchObject({ status: 'up', circuits: {} });
    await times(1);
    expect(gate.health()).toMatchObject({ status: 'down', circuits: { track: 'open' } });
    await times(100);
    expect(sent()).toBe(5);
    expect(changes()).toEqual(['track open']);
  });

  it('stays closed while half of the calls work', async () => {
    const { authsignal, times, sent, gate } = world();
    for (let round = 0; round < 20; round += 1) {
      authsignal.failure = undefined;
      await times(1);
      authsignal.failure = DOWN;
      await times(1);
    }
    expect(sent()).toBe(40);
    expect(gate.health().status).toBe('up');
  });

  it.each<[string, Failure, 'opens' | 'stays']>([
    ['a deadline', { kind: 'timed_out' }, 'opens'],
    ['a refused connection', { kind: 'connection_refused' }, 'opens'],
    ['a reset', { kind: 'connection_reset' }, 'opens'],
    ['502', { kind: 'server_error', status: 502 }, 'opens'],
    ['503', { kind: 'server_error', status: 503 }, 'opens'],
    ['504', { kind: 'server_error', status: 504 }, 'opens'],
    ['500, which one request may have provoked', { kind: 'server_error', status: 500 }, 'stays'],
    ['401', { kind: 'unauthorized', status: 401 }, 'stays'],
    ['429', { kind: 'rate_limited', status: 429 }, 'stays'],
    ['400', { kind: 'rejected', status: 400 }, 'stays'],
    ['no JSON', { kind: 'not_json', status: 200 }, 'stays'],
    ['a missing field', { kind: 'wrong_shape', status: 200 }, 'stays'],
    ['a redirect', { kind: 'unexpected_status', status: 302 }, 'stays'],
    ['a wait for connections of our own', { kind: 'overloaded' }, 'stays'],
  ])('on %s: %j: %s', async (_name, failure, outcome) => {
    const { authsignal, times, sent } = world();
    authsignal.failure = failure;
    await times(30);
    expect(sent()).toBe(outcome === 'opens' ? 5 : 30);
  });

  it('that is open leaves it to the policy, says when to try again, and reports each time', async () => {
    const { authsignal, times, track, events } = world();
    authsignal.failure = DOWN;
    await times(5);
    events.length = 0;
    expect(await track()).toEqual({ kind: 'unavailable', retryAfterMs: 5_000 });
    expect(await track({ whenUnavailable: 'allow' })).toMatchObject({
      kind: 'approved',
      approval: { by: 'unavailable' },
    });
    expect(await track({ whenUnavailable: 'allow', requireChallenge: true })).toMatchObject({
      kind: 'unavailable',
    });
    const failure = { kind: 'circuit_open', call: 'track', retryAfterMs: 5_000 };
    expect(events.filter(({ type }) => type === 'authsignal_failed')).toMatchObject([
      { failure },
      { failure },
      { failure },
    ]);
    expect(events.filter(({ type }) => type === 'opened')).toMatchObject([{ failure }]);
  });

  it('lets one call out after its time, while the others do not wait for it', async () => {
    const { authsignal, times, track, sent, gate, changes } = world();
    authsignal.failure = DOWN;
    await times(5);
    time.advance(4_999);
    await times(1);
    expect(sent()).toBe(5);
    time.advance(1);
    const probe = new Deferred<void>();
    authsignal.waiting = probe.promise;
    authsignal.failure = undefined;
    const probing = track();
    const others = await Promise.all(Array.from({ length: 50 }, () => track()));
    expect(others.every(({ kind }) => kind === 'unavailable')).toBe(true);
    expect(sent()).toBe(6);
    expect(gate.health().circuits).toEqual({ track: 'half_open' });
    probe.resolve();
    expect(await probing).toMatchObject({ kind: 'approved' });
    expect(gate.health()).toMatchObject({ status: 'up', circuits: {} });
    await times(10);
    expect(sent()).toBe(16);
    expect(changes()).toEqual(['track open', 'track half_open', 'track closed']);
  });

  it('opens again when the one that probes fails, and says so once', async () => {
    const { authsignal, times, sent, changes, lines } = world();
    authsignal.failure = DOWN;
    await times(5);
    for (let round = 1; round <= 3; round += 1) {
      time.advance(5_000);
      await times(10);
      expect(sent()).toBe(5 + round);
    }
    expect(changes()).toHaveLength(7);
    time.advance(5_000);
    authsignal.failure = undefined;
    await times(1);
    expect(lines.filter((line) => line.startsWith('Authsignal: '))).toEqual([
      'Authsignal: most calls of track fail, so they end at once. One is tried every 5000 ms.',
      'Authsignal: track works again.',
    ]);
  });

  it('closes also when the one that probes is answered something that no service in need says', async () => {
    const { authsignal, times, gate } = world();
    authsignal.failure = DOWN;
    await times(5);
    time.advance(5_000);
    authsignal.failure = { kind: 'unauthorized', status: 401 };
    await times(1);
    expect(gate.health().circuits).toEqual({});
  });

  it('whose time is over is no reason to keep requests away', async () => {
    const { authsignal, times, gate } = world();
    authsignal.failure = DOWN;
    await times(5);
    expect(gate.health().status).toBe('down');
    time.advance(5_000);
    expect(gate.health()).toMatchObject({ status: 'degraded', circuits: { track: 'half_open' } });
    await times(1);
    expect(gate.health()).toMatchObject({ status: 'down', circuits: { track: 'open' } });
  });

  it('does not open for what went out before it was mended', async () => {
    const { authsignal, times, track, gate, changes } = world();
    const old = new Deferred<void>();
    authsignal.waiting = old.promise;
    authsignal.failure = DOWN;
    const early = Array.from({ length: 20 }, () => track());
    authsignal.waiting = undefined;
    await times(5);
    expect(gate.health().circuits).toEqual({ track: 'open' });
    time.advance(5_000);
    authsignal.failure = undefined;
    await times(3);
    expect(gate.health().status).toBe('up');
    authsignal.failure = DOWN;
    old.resolve();
    await Promise.all(early);
    expect(gate.health().status).toBe('up');
    expect(changes()).toEqual(['track open', 'track half_open', 'track closed']);
  });

  it('is each call its own: failing sends keep no route from being decided', async () => {
    const { authsignal, times, sent, gate } = world();
    authsignal.fail('challenge', 'timed_out');
    const port = gatePort(gate);
    for (let count = 0; count < 9; count += 1) {
      await port.challenge({ verificationMethod: 'WHATSAPP', action: 'a', phoneNumber: '+1' });
    }
    expect(gate.health()).toMatchObject({ status: 'degraded', circuits: { challenge: 'open' } });
    expect(sent()).toBe(5);
    await times(1);
    expect(sent()).toBe(6);
  });

  it('obeys its options', async () => {
    const { authsignal, times, sent } = world({
      circuitBreaker: { window: 2, failureRate: 0.5, openForMs: 100 },
    });
    authsignal.failure = DOWN;
    await times(2);
    expect(sent()).toBe(2);
    await times(2);
    expect(sent()).toBe(2);
    time.advance(100);
    await times(2);
    expect(sent()).toBe(3);
  });

  it('is not there when it is switched off, nor for a port of the application that did not ask for it', async () => {
    for (const options of [{ circuitBreaker: false }, {}] as const) {
      const { authsignal, times, sent, gate } = world(options);
      authsignal.failure = DOWN;
      await times(30);
      expect(sent()).toBe(30);
      expect(gate.health()).toMatchObject({ status: 'up', circuits: {} });
    }
  });

  it('survives an application whose onEvent throws, and passes on what a port throws', async () => {
    const { authsignal, times, track, lines } = world({
      circuitBreaker: {},
      onEvent: () => {
        throw new Error('my own bug');
      },
    });
    authsignal.failure = DOWN;
    await times(5);
    expect(lines).toContain('onEvent failed on "circuit_changed": Error: my own bug');
    time.advance(5_000);
    authsignal.waiting = Promise.reject(new Error('a bug of the port'));
    expect(await track()).toMatchObject({ kind: 'unavailable' });
  });
});

describe('each call of the port', () => {
  const CALLS: Readonly<Record<AuthsignalCall, object>> = {
    track: { userId: 'u', action: 'a', idempotencyKey: 'k', attributes: {} },
    validateChallenge: { token: 't', userId: 'u', action: 'a' },
    challenge: { verificationMethod: 'WHATSAPP', action: 'a', phoneNumber: '+6421' },
    verify: { challengeId: 'c', verificationCode: '123456' },
    claimChallenge: { challengeId: 'c', userId: 'u' },
    getUser: { userId: 'u' },
    getAuthenticators: { userId: 'u' },
    enrollVerifiedAuthenticator: { userId: 'u', verificationMethod: 'WHATSAPP' },
    getAction: { userId: 'u', action: 'a', idempotencyKey: 'k' },
    updateAction: { userId: 'u', action: 'a', idempotencyKey: 'k', state: 'BLOCK' },
  };
  const NAMES = Object.keys(CALLS) as AuthsignalCall[];

  it.each(NAMES)(
    '%s goes through with what it was given, under a circuit of its own name',
    async (name) => {
      const { authsignal, gate } = world();
      const port = gatePort(gate);
      const call = (): Promise<unknown> => Reflect.apply(port[name], port, [CALLS[name]]);
      await call();
      expect(authsignal.calls).toEqual([{ call: name, request: CALLS[name] }]);
      authsignal.fail(name, 'timed_out');
      if (name === 'track') authsignal.failure = DOWN;
      for (let count = 0; count < 10; count += 1) await call();
      expect(gate.health().circuits).toEqual({ [name]: 'open' });
      expect(await call()).toMatchObject({
        ok: false,
        failure: { kind: 'circuit_open', call: name },
      });
    },
  );

  it.each(NAMES)('%s of a port that never answers ends in time', async (name) => {
    const hanging = new FakeAuthsignal();
    Object.defineProperty(hanging, name, { value: () => new Promise(() => undefined) });
    const { gate } = world({ authsignal: hanging, timeoutMs: 5, sendTimeoutMs: 6 });
    const port = gatePort(gate);
    expect(await Reflect.apply(port[name], port, [CALLS[name]])).toEqual({
      ok: false,
      failure: { kind: 'timed_out', call: name },
    });
  });
});

it('leaves a client of ours that was handed in its own deadlines', async () => {
  const slow = createServer((_request, response) => {
    setTimeout(() => response.end('{"isEnrolled":true}'), 40);
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const { port } = slow.address() as AddressInfo;
  const apiUrl = `http://127.0.0.1:${port}/v1`;
  const authsignal = new HttpAuthsignal({ apiSecretKey: 'k', apiUrl, timeoutMs: 60_000 });
  const { gate } = world({ authsignal, timeoutMs: 1 });
  expect(await gatePort(gate).getUser({ userId: 'u' })).toMatchObject({ ok: true });
  await gate.close();
  slow.close();
});

describe('the health of the replay store', () => {
  it('is what its last step was', async () => {
    const authsignal = new FakeAuthsignal();
    const clock = new TestClock();
    let isBroken = false;
    const { gate } = world({
      authsignal,
      clock,
      replayStore: {
        burn: () => {
          if (isBroken) throw new Error('gone');
          return true;
        },
        restore: () => undefined,
      },
    });
    const proven = async (): Promise<void> => {
      authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
      const refusal = await gate.evaluate(REQUEST, { action: 'pay' });
      if (refusal.kind !== 'challenge') throw new Error(refusal.kind);
      const proof = authsignal.complete(refusal.challenge.token, 'WHATSAPP');
      await gate.evaluate(
        { ...REQUEST, headers: { 'step-up-proof': proof } },
        {
          action: 'pay',
        },
      );
    };
    expect(gate.health()).toEqual({ status: 'up', circuits: {}, replayStore: 'unknown' });
    await proven();
    expect(gate.health()).toEqual({ status: 'up', circuits: {}, replayStore: 'working' });
    isBroken = true;
    await proven();
    expect(gate.health()).toEqual({ status: 'down', circuits: {}, replayStore: 'failing' });
    clock.advance(9_999);
    expect(gate.health().replayStore).toBe('failing');
    // A process that gets no requests because of it would never learn better.
    clock.advance(1);
    expect(gate.health()).toEqual({ status: 'up', circuits: {}, replayStore: 'unknown' });
    isBroken = false;
    await proven();
    expect(gate.health().replayStore).toBe('working');
  });
});
