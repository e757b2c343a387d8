import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Post } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { createStepUpGate } from 'authsignal-guard';
import { requireAction } from 'authsignal-guard/express';
import { RequireAction } from 'authsignal-guard/nest';
import { openTelemetry } from 'authsignal-guard/opentelemetry';
import express from 'express';
import { HTTP_CALLS } from '../../../src/opentelemetry/http-calls.js';
import { Customer, expectRefusal } from '../../support/customer.js';
import { parsers, signIn, startExpress } from '../../support/express-host.js';
import { gateOptions, type Host, PLATFORMS, type Platform } from '../../support/host.js';
import { Measured } from '../../support/measured.js';
import { SignInGuard, startNest } from '../../support/nest-host.js';
import { foundTown } from '../../support/scenarios.js';

const town = foundTown({ actions: { createPayment: { outcome: 'CHALLENGE' } } });

/** What a service before ours has begun, as the header `traceparent` of W3C says it. */
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

/** As an instrumentation of HTTP does it, before everything else. */
function incoming(headers: Readonly<Record<string, unknown>>): Context {
  const [, traceId, spanId] = String(headers.traceparent ?? '').split('-');
  return traceId === undefined || spanId === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });
}

const continued = (
  req: { readonly headers: Readonly<Record<string, unknown>> },
  _res: unknown,
  next: () => void,
): void => context.with(incoming(req.headers), next);

@Controller('accounts/:account/payments')
class PaymentsController {
  @Post()
  @RequireAction('createPayment')
  create(): object {
    return { done: trace.getActiveSpan()?.spanContext().spanId };
  }
}

function start(
  platform: Platform,
  measured: Measured,
  mount: (app: INestApplication) => void = () => undefined,
): Promise<Host> {
  const options = { telemetry: openTelemetry(measured) };
  if (platform.startsWith('nest')) {
    const providers = [{ provide: APP_GUARD, useClass: SignInGuard }];
    const module = { controllers: [PaymentsController], providers };
    return startNest(platform, town(), {
      options,
      module,
      prepare: (app) => {
        app.use(continued);
        mount(app);
      },
    });
  }
  const gate = createStepUpGate(gateOptions(town(), options));
  return startExpress(platform, town(), gate, (app, _runs, library) => {
    app.use(continued, ...parsers(library), signIn);
    app.post('/accounts/:account/payments', requireAction(gate, 'createPayment'), (_req, res) => {
      res.json({ done: trace.getActiveSpan()?.spanContext().spanId });
    });
  });
}

describe.each(PLATFORMS)('spans of %s over HTTP', (platform) => {
  let measured: Measured;
  let host: Host;
  beforeAll(async () => {
    measured = new Measured();
    host = await start(platform, measured);
  });
  afterAll(async () => {
    await host.close();
    measured.end();
  });

  it('continue the trace of whoever called, and leave the handler in it', async () => {
    measured.forgetSpans();
    const customer = new Customer(host, town());
    const sending = {
      path: `/accounts/${customer.phone}/payments`,
      body: { amount: 5 },
      headers: { traceparent: TRACEPARENT },
    };
    const proof = await customer.proofFor(sending);
    const { json } = await customer.send({ ...sending, proof });
    expect(json).toEqual({ done: SPAN_ID });

    expect(measured.spans.map(({ name }) => name)).toEqual([
      'authsignal.track',
      'authsignal_guard.evaluate',
      'authsignal.validateChallenge',
      'authsignal_guard.evaluate',
    ]);
    const [track, refused, validate, approved] = measured.spans;
    for (const span of measured.spans) {
      expect(span.spanContext().traceId).toBe(TRACE_ID);
    }
    expect(refused?.parentSpanContext?.spanId).toBe(SPAN_ID);
    expect(approved?.parentSpanContext?.spanId).toBe(SPAN_ID);
    expect(track?.parentSpanContext?.spanId).toBe(refused?.spanContext().spanId);
    expect(validate?.parentSpanContext?.spanId).toBe(approved?.spanContext().spanId);
    expect(refused?.attributes).toMatchObject({
      'http.route': '/accounts/:account/payments',
      'authsignal_guard.code': 'step_up_required',
    });
    expect(approved?.attributes).toMatchObject({
      'authsignal_guard.by': 'challenge',
      'authsignal_guard.verification_method': 'WHATSAPP',
      'enduser.pseudo.id': refused?.attributes['enduser.pseudo.id'],
    });
  });

  it('say of a call what the conventions for HTTP clients ask for', async () => {
    measured.forgetSpans();
    const customer = new Customer(host, town());
    const path = '/accounts/5/payments';
    await customer.send({ path, body: { amount: 5 } });
    const { port } = new URL(town().emulator.apiUrl);
    expect(measured.span('authsignal.track').attributes).toEqual({
      'authsignal_guard.call': 'track',
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': Number(port),
      'url.template': '/v1/users/{userId}/actions/{action}',
    });
    measured.forgetSpans();
    town().emulator.faults.add({ kind: 'status', status: 503, match: { call: 'track' }, times: 1 });
    await customer.send({ path, body: { amount: 5 } });
    expect(measured.span('authsignal.track').attributes).toMatchObject({
      'http.response.status_code': 503,
      'error.type': 'server_error',
    });
    measured.forgetSpans();
    town().emulator.faults.add({ kind: 'reset-before', match: { call: 'track' }, times: 2 });
    await customer.send({ path, body: { amount: 5 } });
    const { attributes } = measured.span('authsignal.track');
    expect(attributes['error.type']).toBe('connection_reset');
    expect(attributes).not.toHaveProperty(['http.response.status_code']);
  });

  it('send Authsignal nothing of the trace', async () => {
    const customer = new Customer(host, town());
    const headers = { traceparent: TRACEPARENT };
    await customer.send({ path: '/accounts/5/payments', body: { amount: 6 }, headers });
    const last = town().emulator.requests.all('track').at(-1);
    expect(last?.path).toContain(customer.id);
    expect(JSON.stringify(last)).not.toContain(TRACE_ID);
  });
});

describe('a Nest application that is mounted in Express below the user', () => {
  const measured = new Measured();
  const user = 'ann & co';
  const path = `/users/${encodeURIComponent(user)}/accounts/5/payments`;
  const sending = { path, body: { amount: 5 } };
  let mounted: Server;
  let inner: Host;
  let customer: Customer;

  beforeAll(async () => {
    const outer = express();
    inner = await start('nest-express', measured, (app) =>
      outer.use('/users/:user', app.getHttpAdapter().getInstance()),
    );
    mounted = outer.listen(0, '127.0.0.1');
    await once(mounted, 'listening');
    const { port } = Object(mounted.address());
    const host = { ...inner, url: `http://127.0.0.1:${port}` };
    customer = new Customer(host, town(), { id: user });
  });
  afterAll(async () => {
    mounted.close();
    mounted.closeAllConnections();
    await inner.close();
    measured.end();
  });
  beforeEach(() => measured.forgetSpans());

  it.each([
    ['who is signed in', user, 'step_up_required'],
    ['whom nobody knows', null, 'step_up_unauthenticated'],
  ])('exports the pattern alone, and nothing of the user %s', async (_name, as, code) => {
    await customer.send({ ...sending, as });
    expect(measured.span('authsignal_guard.evaluate').attributes).toMatchObject({
      'http.route': '/accounts/:account/payments',
      'authsignal_guard.code': code,
    });
    const exported = await measured.exported();
    expect(exported).not.toContain(user);
    expect(exported).not.toContain(encodeURIComponent(user));
  });

  it('still binds the whole path', async () => {
    const proof = await customer.proofFor(sending);
    const elsewhere = { ...sending, path: path.replace('ann', 'eve') };
    expectRefusal(await customer.send({ ...elsewhere, proof }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    expect((await customer.send({ ...sending, proof })).status).toBe(201);
  });
});

describe('the templates of calls', () => {
  it('are those of the requests that arrive', async () => {
    const { HttpAuthsignal } = await import('authsignal-guard');
    const { apiUrl, secret } = town().emulator;
    const port = new HttpAuthsignal({ apiUrl, apiSecretKey: secret });
    const [userId, action, idempotencyKey] = ['ann', 'createPayment', 'a-key'];
    const challengeId = 'none';
    const reference = { userId, action, idempotencyKey };
    const method = { verificationMethod: 'WHATSAPP', phoneNumber: '+64211230001' } as const;
    const calls: { readonly [Name in keyof typeof HTTP_CALLS]: () => Promise<unknown> } = {
      track: () => port.track({ ...reference, attributes: {} }),
      validateChallenge: () => port.validateChallenge({ token: 'none', userId, action }),
      challenge: () => port.challenge({ ...method, action }),
      verify: () => port.verify({ challengeId, verificationCode: '000000' }),
      claimChallenge: () => port.claimChallenge({ challengeId, userId }),
      getUser: () => port.getUser({ userId }),
      getAuthenticators: () => port.getAuthenticators({ userId }),
      enrollVerifiedAuthenticator: () => port.enrollVerifiedAuthenticator({ ...method, userId }),
      getAction: () => port.getAction(reference),
      updateAction: () => port.updateAction({ ...reference, state: 'CHALLENGE_REQUIRED' }),
    };
    const filled = (template: string) =>
      `/v1${template}`
        .replace('{userId}', userId)
        .replace('{action}', action)
        .replace('{idempotencyKey}', idempotencyKey);
    const { requests } = town().emulator;
    for (const [name, { method, template }] of Object.entries(HTTP_CALLS)) {
      requests.clear();
      await calls[name as keyof typeof HTTP_CALLS]();
      const arrived = requests.all();
      expect(arrived).toMatchObject([{ method, path: filled(template) }]);
    }
    await port.close();
  });
});
