import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MemoryReplayStore, type StepUpGateOptions } from 'authsignal-guard';
import { AUTHSIGNAL_OPTIONS } from 'authsignal-guard/nest';
import { FakeAuthsignal, TestClock } from 'authsignal-guard/testing';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppModule, Ledger } from './transfers.js';

let authsignal: FakeAuthsignal;
let clock: TestClock;
let app: INestApplication;

beforeEach(async () => {
  authsignal = new FakeAuthsignal();
  clock = new TestClock();
  const options: StepUpGateOptions = {
    authsignal,
    clock,
    secret: 'any text of 16 characters or more',
    replayStore: new MemoryReplayStore({ clock }),
    subject: () => 'ann',
  };
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(AUTHSIGNAL_OPTIONS)
    .useValue(options)
    .compile();
  app = module.createNestApplication({ logger: false });
  await app.init();
});

afterEach(() => app.close());

async function send(path: string, body: object, proof = '') {
  const sent = request(app.getHttpServer()).post(path).send(body);
  return proof === '' ? sent : sent.set('Step-Up-Proof', proof);
}

const entries = () => app.get(Ledger).entries;

describe('a payment', () => {
  beforeEach(() => {
    authsignal
      .action('createPayment')
      .decides(({ attributes }) =>
        Number(attributes.custom?.amount) > 1000 ? 'CHALLENGE_REQUIRED' : 'ALLOW',
      );
  });

  it('of little needs no challenge', async () => {
    expect((await send('/payments', { amount: 5 })).status).toBe(201);
    expect(entries()).toEqual(['payment']);
  });

  it('of much is made with the proof, once, and for that amount', async () => {
    const refused = await send('/payments', { amount: 5000 });
    expect(refused.status).toBe(403);
    const proof = authsignal.complete(refused.body.challenge.token);
    const other = await send('/payments', { amount: 5001 }, proof);
    expect([other.status, other.body.reason]).toEqual([403, 'binding_mismatch']);
    expect((await send('/payments', { amount: 5000 }, proof)).status).toBe(201);
    expect((await send('/payments', { amount: 5000 }, proof)).status).toBe(409);
    expect(entries()).toEqual(['payment']);
  });

  it('is not made with a proof that is too old', async () => {
    const refused = await send('/payments', { amount: 5000 });
    const proof = authsignal.complete(refused.body.challenge.token);
    clock.advance(16 * 60_000);
    const late = await send('/payments', { amount: 5000 }, proof);
    expect([late.status, late.body.reason]).toEqual([403, 'proof_expired']);
    expect(entries()).toEqual([]);
  });
});

describe('a new payee', () => {
  it('is another action, with a script of its own', async () => {
    authsignal.action('addPayee').blocks();
    expect((await send('/payees', {})).status).toBe(403);
    expect((await send('/payments', { amount: 5 })).status).toBe(201);
    expect(authsignal.action('addPayee').tracked).toHaveLength(1);
    expect(entries()).toEqual(['payment']);
  });

  it('waits while Authsignal does not answer', async () => {
    authsignal.action('addPayee').fails('timed_out');
    expect((await send('/payees', {})).status).toBe(503);
    expect(entries()).toEqual([]);
  });
});
