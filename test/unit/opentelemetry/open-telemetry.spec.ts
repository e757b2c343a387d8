import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Meter,
  metrics,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Countable, Telemetry } from 'authsignal-guard';
import { openTelemetry } from 'authsignal-guard/opentelemetry';
import type { Occurrence } from '../../../src/core/countable.js';
import { GuardedTelemetry } from '../../../src/core/guarded-telemetry.js';
import { COUNTERS, HISTOGRAMS, PREFIX } from '../../../src/opentelemetry/instruments.js';
import { OpenTelemetry } from '../../../src/opentelemetry/open-telemetry.js';
import { Measured } from '../../support/measured.js';
import {
  type Bench,
  bench,
  type Options,
  provenBy,
  requestOf,
  withProof,
} from '../core/gate-bench.js';

let measured: Measured;
beforeEach(() => {
  measured = new Measured();
});
afterEach(() => measured.end());

const observed = (options: Partial<Options> = {}): Bench =>
  bench({ telemetry: openTelemetry(measured), ...options });

const pay = { action: 'pay' };

const guarding = (telemetry: Telemetry): GuardedTelemetry =>
  new GuardedTelemetry(telemetry, Buffer.from('a key'), (error) => {
    throw error;
  });

describe('the span of an evaluation', () => {
  it('tells what was asked and how it was approved', async () => {
    await observed().gate.evaluate(requestOf(), pay);
    const span = measured.span('authsignal_guard.evaluate');
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.attributes).toEqual({
      'authsignal_guard.action': 'pay',
      'authsignal_guard.by': 'rules',
      'authsignal_guard.evaluation_id': expect.stringMatching(/^[\w-]{16,40}$/),
      'authsignal_guard.mode': 'enforce',
      'authsignal_guard.transport': 'http',
      'authsignal_guard.verdict': 'approved',
      'enduser.pseudo.id': expect.stringMatching(/^[0-9a-f]{32}$/),
      'http.request.method': 'POST',
      'http.route': '/payments',
    });
  });

  it.each([
    ['CHALLENGE_REQUIRED', 'step_up_required'],
    ['BLOCK', 'step_up_blocked'],
    ['REVIEW_REQUIRED', 'step_up_review_pending'],
  ] as const)('after %s has its code, and is no error', async (state, code) => {
    const { gate, authsignal } = observed();
    authsignal.outcome('pay', state);
    await gate.evaluate(requestOf(), pay);
    const { attributes, status } = measured.span('authsignal_guard.evaluate');
    expect(attributes).toMatchObject({
      'authsignal_guard.verdict': 'refused',
      'authsignal_guard.code': code,
    });
    expect(attributes).not.toHaveProperty(['error.type']);
    expect(attributes).not.toHaveProperty(['authsignal_guard.by']);
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  it.each([
    ['timed_out', 'step_up_unavailable'],
    ['unauthorized', 'step_up_misconfigured'],
  ] as const)('is an error when Authsignal %s', async (kind, code) => {
    const { gate, authsignal } = observed();
    authsignal.fail('track', kind);
    await gate.evaluate(requestOf(), pay);
    const { attributes, status } = measured.span('authsignal_guard.evaluate');
    expect(attributes).toMatchObject({ 'authsignal_guard.code': code, 'error.type': code });
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('tells of a proof: the method that counted, or why it did not', async () => {
    const made = observed();
    made.authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
    const proof = await provenBy(made, pay, requestOf(), 'PASSKEY');
    measured.forgetSpans();
    await made.gate.evaluate(withProof(proof), pay);
    expect(measured.span('authsignal_guard.evaluate').attributes).toMatchObject({
      'authsignal_guard.by': 'challenge',
      'authsignal_guard.verification_method': 'PASSKEY',
    });
    measured.forgetSpans();
    await made.gate.evaluate(withProof('no-proof-of-ours'), pay);
    expect(measured.span('authsignal_guard.evaluate').attributes).toMatchObject({
      'authsignal_guard.code': 'step_up_required',
      'authsignal_guard.reason': 'proof_invalid',
    });
  });

  it.each(['+64211234567', 'alice'])('has no method that reads %p', async (method) => {
    const made = observed();
    made.authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
    const proof = await provenBy(made, pay, requestOf(), method);
    expect((await made.gate.evaluate(withProof(proof), pay)).kind).toBe('approved');
    expect(await measured.exported()).not.toContain(method);
  });

  it('tells under `observe` what would have been refused', async () => {
    const { gate, authsignal } = observed({ mode: 'observe' });
    authsignal.outcome('pay', 'BLOCK');
    await gate.evaluate(requestOf(), pay);
    expect(measured.span('authsignal_guard.evaluate').attributes).toMatchObject({
      'authsignal_guard.mode': 'observe',
      'authsignal_guard.verdict': 'approved',
      'authsignal_guard.by': 'observed',
      'authsignal_guard.code': 'step_up_blocked',
    });
  });

  it('names the action only once it is known to be one of the policy', async () => {
    const { gate } = observed();
    const action = { oneOf: ['pay', 'send'], select: () => 'of a client' as 'pay' };
    await gate.evaluate(requestOf(), { action });
    expect(measured.span('authsignal_guard.evaluate').attributes).not.toHaveProperty([
      'authsignal_guard.action',
    ]);
  });

  it('knows a user again by a pseudonym that depends on the secret', async () => {
    const pseudonym = async (id: string, options: Partial<Options> = {}) => {
      measured.forgetSpans();
      await observed(options).gate.evaluate(requestOf({ raw: { user: id } }), pay);
      return measured.span('authsignal_guard.evaluate').attributes['enduser.pseudo.id'];
    };
    const alice = await pseudonym('alice');
    expect(await pseudonym('alice')).toBe(alice);
    expect(await pseudonym('alice', { audience: 'another' })).toBe(alice);
    expect(await pseudonym('bob')).not.toBe(alice);
    expect(await pseudonym('alice', { secret: 'another-secret-of-16' })).not.toBe(alice);
  });

  it.each([
    ['/users/:id/payments', '/users/:id/payments'],
    ['/users/alice/payments', undefined],
    ['/phones/+64211234567/payments', '/phones/[number]/payments'],
    ['/users/ali%63e/payments', undefined],
    ['/users/%zz/payments', '/users/%zz/payments'],
    ['', undefined],
  ])('has of the route %p %p', async (route, exported) => {
    await observed().gate.evaluate(requestOf({ route, path: '/users/alice/payments' }), pay);
    const { attributes } = measured.span('authsignal_guard.evaluate');
    expect(attributes['http.route']).toBe(exported);
  });
});

describe('the span of a call to Authsignal', () => {
  it('is a child of the evaluation, which is a child of what surrounds it', async () => {
    const { gate } = observed();
    await measured.tracer.startActiveSpan('a request', async (request) => {
      await gate.evaluate(requestOf(), pay);
      request.end();
    });
    const [track, evaluation, request] = measured.spans;
    expect([track?.name, evaluation?.name, request?.name]).toEqual([
      'authsignal.track',
      'authsignal_guard.evaluate',
      'a request',
    ]);
    expect(track?.kind).toBe(SpanKind.CLIENT);
    expect(track?.parentSpanContext?.spanId).toBe(evaluation?.spanContext().spanId);
    expect(evaluation?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('keeps the families of requests that run at once apart', async () => {
    const { gate } = observed();
    await Promise.all(Array.from({ length: 20 }, () => gate.evaluate(requestOf(), pay)));
    const named = (name: string) => measured.spans.filter((span) => span.name === name);
    const parents = named('authsignal.track').map((span) => span.parentSpanContext?.spanId);
    expect(new Set(parents)).toEqual(
      new Set(named('authsignal_guard.evaluate').map((span) => span.spanContext().spanId)),
    );
    expect(new Set(parents).size).toBe(20);
  });

  it('stands beside the others of its evaluation', async () => {
    const made = observed({ requireChallenge: true });
    await made.gate.evaluate(withProof('no-proof-of-ours'), pay);
    expect(measured.spans.map(({ name }) => name)).toEqual([
      'authsignal.validateChallenge',
      'authsignal.track',
      'authsignal.updateAction',
      'authsignal_guard.evaluate',
    ]);
    const parents = measured.spans.slice(0, 3).map((span) => span.parentSpanContext?.spanId);
    expect(new Set(parents).size).toBe(1);
  });

  it('is an error when it fails, and says of a port of another make only what it knows', async () => {
    const { gate, authsignal } = observed();
    authsignal.fail('track', 'rate_limited');
    await gate.evaluate(requestOf(), pay);
    const { attributes, status } = measured.span('authsignal.track');
    expect(attributes).toEqual({
      'authsignal_guard.call': 'track',
      'error.type': 'rate_limited',
    });
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('ends with a port that throws, which is asked once', async () => {
    let asked = 0;
    const { gate, authsignal, lines } = observed();
    authsignal.track = () => {
      asked += 1;
      throw new Error('a port of the application');
    };
    expect((await gate.evaluate(requestOf(), pay)).kind).toBe('unavailable');
    expect(measured.span('authsignal.track').attributes['error.type']).toBe('port_threw');
    expect({ asked, lines }).toEqual({ asked: 1, lines: [] });
  });

  it('is none where an open circuit keeps the call from going out', async () => {
    const { gate, authsignal } = observed({ circuitBreaker: { window: 2, minimumCalls: 2 } });
    authsignal.fail('track', 'timed_out');
    for (let round = 0; round < 5; round += 1) {
      await gate.evaluate(requestOf(), pay);
    }
    const went = measured.spans.filter(({ name }) => name === 'authsignal.track').length;
    expect(went).toBe(authsignal.calls.length);
    expect(await measured.series('authsignal_guard.calls.withheld')).toEqual([
      { attributes: { 'authsignal_guard.call': 'track' }, value: 5 - went },
    ]);
    expect(await measured.series('authsignal_guard.circuit.changes')).toEqual([
      {
        attributes: { 'authsignal_guard.call': 'track', 'authsignal_guard.state': 'open' },
        value: 1,
      },
    ]);
  });
});

describe('the metrics', () => {
  it('count verdicts by action, mode and how they came about', async () => {
    const { gate, authsignal } = observed();
    await gate.evaluate(requestOf(), pay);
    await gate.evaluate(requestOf(), pay);
    authsignal.outcome('send', 'BLOCK');
    await gate.evaluate(requestOf(), { action: 'send' });
    expect(await measured.series('authsignal_guard.verdicts')).toEqual([
      {
        attributes: {
          'authsignal_guard.action': 'pay',
          'authsignal_guard.mode': 'enforce',
          'authsignal_guard.verdict': 'approved',
          'authsignal_guard.by': 'rules',
        },
        value: 2,
      },
      {
        attributes: {
          'authsignal_guard.action': 'send',
          'authsignal_guard.mode': 'enforce',
          'authsignal_guard.verdict': 'refused',
          'authsignal_guard.code': 'step_up_blocked',
        },
        value: 1,
      },
    ]);
  });

  it('count proofs that were refused, replayed and given back', async () => {
    const made = observed({ returnProofOnFailure: true });
    made.authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
    const proof = await provenBy(made, pay);
    const verdict = await made.gate.evaluate(withProof(proof), pay);
    await made.gate.evaluate(withProof(proof), pay);
    await (verdict.kind === 'approved' ? verdict.returnProof?.() : undefined);
    await made.gate.evaluate(withProof('no-proof-of-ours'), pay);
    const ofPay = { 'authsignal_guard.action': 'pay' };
    expect(await measured.series('authsignal_guard.proofs.replayed')).toEqual([
      { attributes: ofPay, value: 1 },
    ]);
    expect(await measured.series('authsignal_guard.proofs.returned')).toEqual([
      { attributes: ofPay, value: 1 },
    ]);
    expect(await measured.series('authsignal_guard.proofs.refused')).toEqual([
      { attributes: { ...ofPay, 'authsignal_guard.reason': 'proof_invalid' }, value: 1 },
    ]);
  });

  it('time evaluations and calls in seconds, by how they ended', async () => {
    let now = 0;
    const telemetry = new OpenTelemetry(measured, () => now);
    const { gate, authsignal } = observed({ telemetry });
    const track = authsignal.track.bind(authsignal);
    authsignal.track = (request) => {
      now += 250;
      return track(request);
    };
    await gate.evaluate(requestOf(), pay);
    authsignal.fail('track', 'timed_out');
    await gate.evaluate(requestOf(), pay);
    expect(await measured.series('authsignal_guard.call.duration')).toMatchObject([
      { attributes: { 'authsignal_guard.call': 'track' }, value: { count: 1, sum: 0.25 } },
      { attributes: { 'error.type': 'timed_out' }, value: { count: 1, sum: 0.25 } },
    ]);
    expect(await measured.series('authsignal_guard.evaluation.duration')).toMatchObject([
      {
        attributes: { 'authsignal_guard.by': 'rules' },
        value: {
          count: 1,
          sum: 0.25,
          buckets: {
            boundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
          },
        },
      },
      { attributes: { 'error.type': 'step_up_unavailable' }, value: { count: 1, sum: 0.25 } },
    ]);
  });

  const purpose = 'sign_in';
  const phoneNumber = '+64••••0000';
  const event = { eventId: 'an-id', eventType: 'authenticator.created' };
  const counted: readonly (readonly [Occurrence, string, Record<string, unknown>])[] = [
    [
      { type: 'otp_sent', purpose, phoneNumber, resent: true },
      'otp.sent',
      { purpose, resent: true },
    ],
    [
      { type: 'otp_send_limited', purpose, phoneNumber, limit: 'ip' },
      'otp.limited',
      { purpose, limit: 'ip' },
    ],
    [{ type: 'otp_verified', purpose, phoneNumber }, 'otp.checked', { purpose, outcome: 'right' }],
    [{ type: 'otp_wrong', purpose, phoneNumber }, 'otp.checked', { purpose, outcome: 'wrong' }],
    [
      { type: 'otp_attempts_exceeded', purpose, phoneNumber },
      'otp.checked',
      { purpose, outcome: 'attempts_exceeded' },
    ],
    [{ type: 'phone_refused', why: 'country' }, 'phones.refused', { why: 'country' }],
    [{ type: 'handle_refused', why: 'used' }, 'handles.refused', { why: 'used' }],
    [
      { type: 'authenticator_changed', purpose, phoneNumber },
      'authenticators.changed',
      { purpose },
    ],
    [{ type: 'signed_in', phoneNumber }, 'sign_ins', { outcome: 'complete' }],
    [
      { type: 'sign_in_incomplete', step: 'claim', phoneNumber },
      'sign_ins',
      { outcome: 'incomplete', step: 'claim' },
    ],
    [
      { type: 'replay_store_failed', step: 'burn', error: 'Error: +64211234567' },
      'store.failures',
      { store: 'replay', step: 'burn' },
    ],
    [{ type: 'limit_store_failed', error: 'Error' }, 'store.failures', { store: 'limit' }],
    [
      { type: 'callback_failed', callback: 'bind', error: 'Error' },
      'callback.failures',
      { action: 'pay', callback: 'bind' },
    ],
    [{ type: 'webhook_received', ...event }, 'webhooks', { outcome: 'received' }],
    [{ type: 'webhook_duplicate', ...event }, 'webhooks', { outcome: 'duplicate' }],
    [{ type: 'webhook_returned', ...event }, 'webhooks', { outcome: 'returned' }],
    [
      { type: 'webhook_refused', why: 'too_old' },
      'webhooks',
      { outcome: 'refused', why: 'too_old' },
    ],
    [
      { type: 'authsignal_failed', failure: { kind: 'circuit_open', call: 'track' } },
      'calls.withheld',
      { call: 'track' },
    ],
  ];

  it.each(counted)('count %j as `%s`', async (what, name, attributes) => {
    guarding(openTelemetry(measured)).occurred(what, 'pay');
    const prefixed = Object.entries(attributes).map(([key, value]) => [PREFIX + key, value]);
    expect(await measured.series(PREFIX + name)).toEqual([
      { attributes: Object.fromEntries(prefixed), value: 1 },
    ]);
    expect(await measured.metrics()).toHaveLength(1);
  });

  it('count nothing for what a span or a verdict tells already', async () => {
    const telemetry = guarding(openTelemetry(measured));
    telemetry.occurred({ type: 'approved', by: 'rules' }, 'pay');
    telemetry.occurred({ type: 'subject_missing' }, 'pay');
    telemetry.occurred(
      { type: 'authsignal_failed', failure: { kind: 'timed_out', call: 'track' } },
      'pay',
    );
    expect(await measured.metrics()).toEqual([]);
  });

  it('have names, units and descriptions as OpenTelemetry asks for them', async () => {
    const descriptions = [...Object.entries(COUNTERS), ...Object.entries(HISTOGRAMS)];
    for (const [name, { unit, description }] of descriptions) {
      expect(name).toMatch(/^[a-z_]+(\.[a-z_]+)*$/);
      expect(unit).toMatch(/^(s|\{[a-z_]+\})$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
    await observed().gate.evaluate(requestOf(), pay);
    const [metric] = await measured.metrics();
    expect(metric?.descriptor).toMatchObject({ ...HISTOGRAMS['call.duration'] });
  });
});

describe('what telemetry is told of an occurrence', () => {
  const whole = { within: <T>(work: () => T) => work(), end: () => undefined };
  const SECRET = '+64211234567 alice';
  const told = (...occurrences: readonly Occurrence[]): readonly Countable[] => {
    const heard: Countable[] = [];
    const telemetry = guarding({
      evaluation: () => whole,
      call: () => whole,
      occurred: (what) => heard.push(what),
    });
    for (const occurrence of occurrences) {
      telemetry.occurred(occurrence, 'pay');
    }
    return heard;
  };
  const failure = {
    kind: 'server_error',
    call: 'track',
    errorCode: SECRET,
    field: SECRET,
  } as const;
  const purpose = 'sign_in';
  const webhook = { eventId: SECRET, eventType: SECRET };

  it.each<[Occurrence, Countable]>([
    [
      { type: 'action_tracked', state: SECRET, enrolled: true, idempotencyKey: SECRET },
      { type: 'action_tracked', enrolled: true },
    ],
    [
      { type: 'challenge_issued', idempotencyKey: SECRET, raised: false },
      { type: 'challenge_issued', raised: false },
    ],
    [{ type: 'proof_burned', proofId: SECRET }, { type: 'proof_burned' }],
    [{ type: 'proof_replayed', proofId: SECRET }, { type: 'proof_replayed' }],
    [{ type: 'proof_returned', proofId: SECRET }, { type: 'proof_returned' }],
    [
      { type: 'approved', by: 'challenge', proofId: SECRET, verificationMethod: SECRET },
      { type: 'approved', by: 'challenge' },
    ],
    [
      { type: 'refused', code: 'step_up_required', reason: 'proof_expired' },
      { type: 'refused', code: 'step_up_required', reason: 'proof_expired' },
    ],
    [
      { type: 'would_refuse', code: 'step_up_blocked' },
      { type: 'would_refuse', code: 'step_up_blocked' },
    ],
    [
      { type: 'opened', failure },
      { type: 'opened', failure: 'server_error', call: 'track' },
    ],
    [{ type: 'unexpected_answer', call: SECRET, detail: SECRET }, { type: 'unexpected_answer' }],
    [
      { type: 'replay_store_failed', step: 'burn', error: SECRET },
      { type: 'replay_store_failed', step: 'burn' },
    ],
    [{ type: 'limit_store_failed', error: SECRET }, { type: 'limit_store_failed' }],
    [
      { type: 'callback_failed', callback: 'bind', error: SECRET },
      { type: 'callback_failed', callback: 'bind' },
    ],
    [
      { type: 'otp_sent', purpose, phoneNumber: SECRET, resent: false },
      { type: 'otp_sent', purpose, resent: false },
    ],
    [
      { type: 'otp_send_limited', purpose, phoneNumber: SECRET, limit: 'wait' },
      { type: 'otp_send_limited', purpose, limit: 'wait' },
    ],
    [
      { type: 'otp_wrong', purpose, phoneNumber: SECRET },
      { type: 'otp_wrong', purpose },
    ],
    [{ type: 'signed_in', phoneNumber: SECRET }, { type: 'signed_in' }],
    [
      { type: 'sign_in_incomplete', step: 'claim', phoneNumber: SECRET },
      { type: 'sign_in_incomplete', step: 'claim' },
    ],
    [{ type: 'webhook_received', ...webhook }, { type: 'webhook_received' }],
    [
      { type: 'circuit_changed', call: 'track', state: 'open' },
      { type: 'circuit_changed', call: 'track', state: 'open' },
    ],
  ])('of %j is only %j', (occurrence, countable) => {
    expect(told(occurrence)).toEqual([countable]);
  });

  it('is nothing that a port of the application has put in the place of our words', async () => {
    // What a port in JavaScript may answer, whatever the types say.
    const broken = { ...failure, kind: SECRET, call: SECRET, status: 64_211_234_567 };
    const { gate, authsignal } = observed();
    authsignal.track = async () => ({ ok: false, failure: JSON.parse(JSON.stringify(broken)) });
    await gate.evaluate(requestOf(), pay);
    const { attributes } = measured.span('authsignal.track');
    expect(attributes).toEqual({ 'authsignal_guard.call': 'track', 'error.type': 'wrong_shape' });
    const exported = await measured.exported();
    expect(exported).not.toMatch(/64211234567/);
    const types = ['opened', 'authsignal_failed'] as const;
    expect(
      told(...types.map((type) => ({ type, failure: JSON.parse(JSON.stringify(broken)) }))),
    ).toEqual(types.map((type) => ({ type, failure: 'wrong_shape' })));
  });

  it('has by its type no place for a text of any kind', () => {
    type Values<T> = T extends unknown ? T[keyof T] : never;
    type IsOpen = string extends Values<Countable> ? true : false;
    type HasNumber = Extract<Values<Countable>, number | object>;
    const isOpen: IsOpen = false;
    const hasNumber: [HasNumber] extends [never] ? true : false = true;
    // @ts-expect-error a number to call, even a masked one
    const withNumber: Countable = { type: 'signed_in', phoneNumber: '+64••••0000' };
    // @ts-expect-error whatever else somebody says
    const withReason: Countable = { type: 'proof_refused', reason: 'because of alice' };
    expect([isOpen, hasNumber, withNumber.type, withReason.type]).toEqual([
      false,
      true,
      'signed_in',
      'proof_refused',
    ]);
  });
});

describe('without a tracer and a meter', () => {
  it('the global ones are taken, which may be registered later', async () => {
    const { gate } = bench({ telemetry: openTelemetry() });
    trace.setGlobalTracerProvider({ getTracer: () => measured.tracer });
    metrics.setGlobalMeterProvider({ getMeter: () => measured.meter });
    try {
      await gate.evaluate(requestOf(), pay);
    } finally {
      trace.disable();
      metrics.disable();
    }
    expect(measured.spans.map(({ name }) => name)).toContain('authsignal_guard.evaluate');
    expect(await measured.series('authsignal_guard.verdicts')).toHaveLength(1);
  });

  it('the global ones are asked, which do nothing until an SDK registers', async () => {
    const { gate } = bench({ telemetry: openTelemetry() });
    expect((await gate.evaluate(requestOf(), pay)).kind).toBe('approved');
  });
});

describe('telemetry that fails', () => {
  const fails = (): never => {
    throw new Error('an exporter of +64211234567');
  };
  const rejects = async (): Promise<never> => fails();
  const whole = { within: <T>(work: () => T) => work(), end: () => undefined };

  it('is told of work that breaks off, which still breaks off as it did', async () => {
    const lines: unknown[] = [];
    const telemetry = openTelemetry(measured);
    const guarded = new GuardedTelemetry(telemetry, Buffer.from('a key'), (e) => lines.push(e));
    const begun = {
      evaluationId: 'an-id',
      transport: 'http',
      method: 'GET',
      mode: 'enforce',
    } as const;
    await expect(guarded.evaluation(begun, rejects, () => ({}))).rejects.toThrow('an exporter');
    await expect(
      guarded.evaluation(
        begun,
        async () => fails(),
        () => ({}),
      ),
    ).rejects.toThrow();
    await expect(guarded.call({ call: 'track' }, fails)).rejects.toThrow('an exporter');
    expect(lines).toEqual([]);
    const [evaluation, , call] = measured.spans;
    expect(evaluation?.attributes).toMatchObject({
      'authsignal_guard.verdict': 'failed',
      'error.type': '_OTHER',
    });
    expect(evaluation?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(call?.attributes['error.type']).toBe('port_threw');
    expect(JSON.stringify([evaluation?.events, call?.events])).toBe('[[],[]]');
  });

  const silent: Telemetry = {
    evaluation: () => whole,
    call: () => whole,
    occurred: () => undefined,
  };
  const brokenTracer: Tracer = { startSpan: fails, startActiveSpan: fails };
  const brokenSpans = new Proxy(trace.getTracer('x').startSpan('x'), {
    get: (target, name) =>
      name === 'setAttributes' || name === 'end' ? fails : Reflect.get(target, name),
  });

  it.each<[string, () => Telemetry]>([
    ['as an evaluation begins', () => ({ ...silent, evaluation: fails })],
    ['as a call begins', () => ({ ...silent, call: fails })],
    ['on an occurrence', () => ({ ...silent, occurred: fails })],
    ['later on an occurrence', () => ({ ...silent, occurred: rejects })],
    ['before the work', () => ({ ...silent, evaluation: () => ({ ...whole, within: fails }) })],
    [
      'after the work has begun',
      () => ({
        ...silent,
        call: () => ({
          ...whole,
          within: (work) => {
            work();
            return fails();
          },
        }),
      }),
    ],
    [
      'by doing the work twice',
      () => ({
        ...silent,
        call: () => ({
          ...whole,
          within: (work) => {
            work();
            return work();
          },
        }),
      }),
    ],
    ['at the end', () => ({ ...silent, evaluation: () => ({ ...whole, end: fails }) })],
    ['later at the end', () => ({ ...silent, evaluation: () => ({ ...whole, end: rejects }) })],
    ['as the tracer', () => openTelemetry({ tracer: brokenTracer, meter: measured.meter })],
    [
      'as the span',
      () =>
        openTelemetry({
          tracer: { ...brokenTracer, startSpan: () => brokenSpans },
          meter: measured.meter,
        }),
    ],
    [
      'as the meter',
      () =>
        openTelemetry({
          tracer: measured.tracer,
          meter: new Proxy<Meter>(measured.meter, { get: () => fails }),
        }),
    ],
  ])('%s changes no verdict and no call, and says so once', async (name, make) => {
    const made = bench({ telemetry: make() });
    const run = async () => {
      made.authsignal.outcome('pay', 'CHALLENGE_REQUIRED');
      const proof = await provenBy(made, pay);
      return [
        (await made.gate.evaluate(withProof(proof), pay)).kind,
        (await made.gate.evaluate(withProof(proof), pay)).kind,
      ];
    };
    expect(await run()).toEqual(['approved', 'consumed']);
    expect(await run()).toEqual(['approved', 'consumed']);
    expect(made.calls()).toEqual([
      ...['track', 'validateChallenge', 'validateChallenge'],
      ...['track', 'validateChallenge', 'validateChallenge'],
    ]);
    const said = name.startsWith('by doing') ? 0 : 1;
    expect(made.lines).toHaveLength(said);
    expect(made.lines.join('\n')).not.toContain('64211234567');
  });
});
