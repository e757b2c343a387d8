import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { whatsAppRouter } from 'authsignal-guard/express';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import express, { type RequestHandler } from 'express';
import request from 'supertest';

/** The router behind some middleware of the application's. */
function appWith(...before: RequestHandler[]) {
  const gate = createStepUpGate({
    authsignal: new FakeAuthsignal(),
    secret: 'a secret of sixteen or more',
    replayStore: new MemoryReplayStore(),
    subject: () => 'ann',
  });
  const router = whatsAppRouter(gate, {
    countries: ['NZ'],
    signIn: {
      findOrCreateUser: () => 'ann',
      signedIn: ({ setHeader }) => {
        setHeader('Set-Cookie', 'sid=1');
        setHeader('Vary', 'Cookie');
        setHeader('constructor', 'a name that every object has');
        return { welcome: true };
      },
    },
  });
  return express().use('/whatsapp', ...before, router);
}

describe('the router', () => {
  const printed: unknown[] = [];
  beforeEach(() => {
    printed.length = 0;
    jest.spyOn(console, 'error').mockImplementation((...words) => {
      printed.push(...words);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['is no JSON', '{"code":"123456" "phoneNumber":"+64211234567"}'],
    ['is too long', JSON.stringify({ phoneNumber: '1'.repeat(20_000) })],
  ])('answers a body that %s itself, and prints nothing of it', async (_what, body) => {
    const answer = await request(appWith())
      .post('/whatsapp/sign-in')
      .set('content-type', 'application/json')
      .send(body);
    expect(answer.status).toBe(400);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'request_invalid',
      errors: [{ pointer: '#', detail: 'must be JSON of 16 kB at most' }],
    });
    expect(printed).toEqual([]);
  });

  it('puts the headers of the application beside those of middleware', async () => {
    const app = appWith((_req, res, next) => {
      res.setHeader('set-cookie', 'csrf=x');
      res.setHeader('vary', 'Origin');
      next();
    });
    const { body } = await request(app)
      .post('/whatsapp/sign-in')
      .send({ phoneNumber: '+64211234567' });
    const answer = await request(app)
      .post('/whatsapp/sign-in/verify')
      .send({ handle: body.handle, code: '123456' });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toEqual(['csrf=x', 'sid=1']);
    expect(answer.headers.vary).toBe('Origin, Cookie');
    expect(answer.headers.constructor).toBe('a name that every object has');
  });

  it('leaves a request alone that was answered meanwhile', async () => {
    const app = appWith((_req, res, next) => {
      res.status(503).json({ gaveUp: true });
      next();
    });
    const answer = await request(app).post('/whatsapp/sign-in').send({});
    expect([answer.status, answer.body]).toEqual([503, { gaveUp: true }]);
    expect(printed).toEqual([]);
  });
});
