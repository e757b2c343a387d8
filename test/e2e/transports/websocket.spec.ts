import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { RequireAction } from 'authsignal-guard/nest';
import { Customer } from '../../support/customer.js';
import type { Host } from '../../support/host.js';
import { foundTown } from '../../support/scenarios.js';
import { ACTIONS, PAYMENT } from '../gate/scenarios/payment.js';
import { dial, KINDS, type Line, type Sent } from './lines.js';
import { breakLedger, socketBank } from './socket-bank.js';

const town = foundTown({ actions: ACTIONS });

describe.each(KINDS)('a gateway over %s', (kind) => {
  let host: Host;
  let customer: Customer;
  let line: Line;
  const lines: Line[] = [];

  beforeAll(async () => {
    host = await socketBank(kind, town(), { circuitBreaker: false });
  });
  afterAll(() => host.close());
  beforeEach(async () => {
    customer = new Customer(host, town());
    breakLedger(false);
    line = await connect();
  });
  afterEach(() => {
    for (const each of lines.splice(0)) {
      each.hangUp();
    }
  });

  async function connect(headers: Readonly<Record<string, string>> = {}): Promise<Line> {
    const opened = await dial(kind, host.url, { 'x-user': customer.id, ...headers });
    lines.push(opened);
    return opened;
  }

  function ask(event: string, data?: unknown, on = line): Promise<Sent> {
    on.tell(event, data);
    return on.next();
  }

  async function prove({ data }: Sent): Promise<string> {
    const token = String(Object(data.challenge).token);
    town().ledger.token(token);
    return customer.prove(token);
  }

  const proofFor = async (event: string, data?: unknown): Promise<string> =>
    prove(await ask(event, data));

  it('refuses with the problem as an `exception`, then runs once with the proof', async () => {
    const pay = { amount: 5, payee: 'ann' };
    const first = await ask('pay', pay);
    expect(first).toEqual({
      event: 'exception',
      data: {
        type: 'urn:authsignal-guard:problem:step_up_required',
        title: 'Step-up required',
        status: 403,
        detail: 'Answer the challenge, then send the same request again with the proof.',
        code: 'step_up_required',
        action: 'createPayment',
        challenge: { token: expect.any(String), url: expect.any(String), methods: ['WHATSAPP'] },
        retry: { header: 'Step-Up-Proof', field: 'stepUpProof' },
        cause: { pattern: 'pay', data: pay },
      },
    });
    expect(customer.runs).toBe(0);
    const stepUpProof = await prove(first);
    const second = await ask('pay', { ...pay, stepUpProof });
    // The handler does not see the proof.
    expect(second).toMatchObject({ event: 'done', data: { approval: { by: 'challenge' } } });
    expect(second.data.data).toEqual(pay);
    expect(second.data.approval).toMatchObject({ body: pay });
    const third = await ask('pay', { ...pay, stepUpProof });
    expect(third.data).toMatchObject({ status: 409, code: 'step_up_consumed' });
    expect(third.data.cause).toEqual({ pattern: 'pay', data: pay });
    expect(customer.runs).toBe(1);
    expect(customer.event('approved')).toMatchObject({
      transport: 'ws',
      method: 'MESSAGE',
      route: 'pay',
      path: '/bank/pay',
    });
  });

  it('binds a message to its event, its data and its user', async () => {
    const stepUpProof = await proofFor('pay', { amount: 5 });
    for (const [event, data] of [
      ['pay', { amount: 5_000 }],
      ['pay', {}],
      ['refund', { amount: 5 }],
    ] as const) {
      expect((await ask(event, { ...data, stepUpProof })).data).toMatchObject({
        code: 'step_up_required',
        reason: 'binding_mismatch',
      });
    }
    const thief = new Customer(host, town());
    const stolen = await dial(kind, host.url, { 'x-user': thief.id });
    lines.push(stolen);
    expect((await ask('pay', { amount: 5, stepUpProof }, stolen)).data).toMatchObject({
      reason: 'proof_invalid',
    });
    // Another connection of the same user is the same request.
    const again = await connect();
    expect(await ask('pay', { amount: 5, stepUpProof }, again)).toMatchObject({ event: 'done' });
    expect(customer.runs).toBe(1);
  });

  it('takes a message without data as one with no more than its proof', async () => {
    const stepUpProof = await proofFor('pay');
    expect(await ask('pay', { stepUpProof })).toMatchObject({ event: 'done' });
    expect((await ask('pay', { stepUpProof: 'no proof, for all its spaces' })).data).toMatchObject({
      reason: 'proof_invalid',
    });
    expect((await ask('pay', { stepUpProof: ['a', 'b'] })).data).toMatchObject({
      reason: 'proof_invalid',
    });
  });

  it('takes a proof from the handshake, for the first message that has none', async () => {
    const proof = await proofFor('pay', 'a text has no room for a proof');
    const again = await connect({ 'step-up-proof': proof });
    expect(await ask('pay', 'a text has no room for a proof', again)).toMatchObject({
      event: 'done',
      data: { data: 'a text has no room for a proof' },
    });
    // Neither consumed nor of another binding: it was for the first message alone.
    const { data } = await ask('pay', 'a text has no room for a proof', again);
    expect(data.code).toBe('step_up_required');
    expect(data.reason).toBeUndefined();
    const own = await ask(
      'refund',
      { amount: 1, stepUpProof: await proofFor('refund', { amount: 1 }) },
      again,
    );
    expect(own.event).toBe('done');
  });

  it('offers the proof of the handshake again until it was judged', async () => {
    const text = 'no room';
    const again = await connect({ 'step-up-proof': await proofFor('pay', text) });
    expect((await ask('checked', { ...PAYMENT, amount: 0 }, again)).data).toMatchObject({
      code: 'request_invalid',
    });
    customer.emulator.faults.add({ kind: 'status', status: 500 });
    expect((await ask('pay', text, again)).data).toMatchObject({ code: 'step_up_unavailable' });
    customer.emulator.faults.clear();
    expect(await ask('pay', text, again)).toMatchObject({ event: 'done' });
    const { data } = await ask('pay', text, again);
    expect(data).toMatchObject({ code: 'step_up_required', retry: { header: 'Step-Up-Proof' } });
    expect(data.reason).toBeUndefined();
    expect(data.retry).not.toHaveProperty('field');
  });

  it('refuses what is nested too deep, and hears the next message', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`);
    expect((await ask('pay', { deep })).data).toMatchObject({
      code: 'request_invalid',
      cause: { pattern: 'pay' },
    });
    expect((await ask('pay', {})).data).toMatchObject({ code: 'step_up_required' });
  });

  it('runs once for 50 retries at the same time', async () => {
    const stepUpProof = await proofFor('pay', { amount: 5 });
    for (let retry = 0; retry < 50; retry += 1) {
      line.tell('pay', { amount: 5, stepUpProof });
    }
    const answers = await Promise.all(Array.from({ length: 50 }, () => line.next()));
    expect(answers.filter(({ event }) => event === 'done')).toHaveLength(1);
    expect(answers.filter(({ data }) => data.code === 'step_up_consumed')).toHaveLength(49);
    expect(customer.runs).toBe(1);
  });

  it('tells two messages under way apart', async () => {
    line.tell('pay', { amount: 1 });
    line.tell('pay', { amount: 2 });
    const answers = [await line.next(), await line.next()];
    const proofs = new Map<number, string>();
    for (const answer of answers) {
      proofs.set(Object(answer.data.cause).data.amount, await prove(answer));
    }
    for (const amount of [1, 2]) {
      line.tell('pay', { amount, stepUpProof: proofs.get(amount) });
    }
    const amounts = [await line.next(), await line.next()].map(({ data }) => [
      Object(data.data).amount,
      Object(data.approval).body.amount,
    ]);
    expect(amounts.sort()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('hands over the DTO that was validated and bound', async () => {
    const invalid = await ask('checked', { ...PAYMENT, amount: 0 });
    expect(invalid.data).toMatchObject({
      status: 400,
      code: 'request_invalid',
      errors: [{ pointer: '#/amount' }],
    });
    const stepUpProof = await proofFor('checked', PAYMENT);
    expect((await ask('checked', { ...PAYMENT, stepUpProof })).data).toMatchObject({
      isDto: true,
      payment: PAYMENT,
    });
  });

  it('gives the proof back when the handler fails', async () => {
    const stepUpProof = await proofFor('fragile', {});
    breakLedger(true);
    const failed = await ask('fragile', { stepUpProof });
    expect(failed.data).toMatchObject({ message: 'Internal server error' });
    // Filters, of which Nest's own tells what they see, do not see the proof.
    expect(failed.data.cause).toEqual({ pattern: 'fragile', data: {} });
    expect(customer.eventTypes).toContain('proof_returned');
    breakLedger(false);
    expect(await ask('fragile', { stepUpProof })).toMatchObject({ event: 'done' });
    expect((await ask('fragile', { stepUpProof })).data).toMatchObject({
      code: 'step_up_consumed',
    });
  });

  it('keeps the proof used where the handler answers that the client is at fault', async () => {
    const stepUpProof = await proofFor('refusing', {});
    expect((await ask('refusing', { stepUpProof })).data).toMatchObject({
      message: 'no such payee',
    });
    expect(customer.eventTypes).not.toContain('proof_returned');
    expect((await ask('refusing', { stepUpProof })).data).toMatchObject({
      code: 'step_up_consumed',
    });
  });

  it('lets through where the policy only observes', async () => {
    const { data } = await ask('watched');
    expect(data.approval).toMatchObject({ by: 'observed' });
    expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_required' });
  });

  it('needs somebody who is signed in, and an Authsignal that answers', async () => {
    const nobody = await dial(kind, host.url, {});
    lines.push(nobody);
    expect((await ask('pay', {}, nobody)).data).toMatchObject({
      status: 401,
      code: 'step_up_unauthenticated',
    });
    const stepUpProof = await proofFor('pay', {});
    customer.emulator.faults.add({ kind: 'status', status: 500 });
    for (const data of [{}, { stepUpProof }]) {
      expect((await ask('pay', data)).data).toMatchObject({ code: 'step_up_unavailable' });
    }
    customer.emulator.faults.clear();
    expect(await ask('pay', { stepUpProof })).toMatchObject({ event: 'done' });
  });

  it('is evaluated behind the other guards of the method', async () => {
    const nobody = await dial(kind, host.url, {});
    lines.push(nobody);
    const stepUpProof = await prove(await ask('late', { lateUser: customer.id }, nobody));
    expect(await ask('late', { lateUser: customer.id, stepUpProof }, nobody)).toMatchObject({
      event: 'done',
      data: { approval: { by: 'challenge', subject: customer.id } },
    });
  });

  it('lets a class guard its events, and a method go over it', async () => {
    const refused = await ask('close', {});
    expect(refused.data).toMatchObject({ action: 'closeAccount' });
    const stepUpProof = await prove(refused);
    expect(await ask('close', { stepUpProof })).toMatchObject({ event: 'done' });
    expect((await ask('seize', {})).data).toMatchObject({ code: 'step_up_blocked' });
  });

  it('guards a gateway that is one for each connection', async () => {
    const stepUpProof = await proofFor('own', {});
    expect(await ask('own', { stepUpProof })).toMatchObject({ event: 'done' });
    expect((await ask('own', { stepUpProof })).data).toMatchObject({ code: 'step_up_consumed' });
  });

  it('leaves other events alone', async () => {
    expect(await ask('hello', { a: 1 })).toEqual({
      event: 'done',
      data: { name: 'hello', data: { a: 1 } },
    });
    expect(customer.eventTypes).toEqual([]);
  });

  it('knows where a connection comes from', async () => {
    await ask('pay', { amount: 1 });
    const tracked = customer.emulator.requests.all('track').at(-1);
    expect(tracked?.body).toMatchObject({ ipAddress: expect.stringContaining('127.0.0.1') });
  });

  it('answers for a handler that asks the gate itself', async () => {
    const refused = await ask('required', { amount: 1 });
    expect(refused).toMatchObject({ event: 'exception', data: { code: 'step_up_required' } });
    const stepUpProof = await prove(refused);
    const answer = await ask('required', { amount: 1, stepUpProof });
    expect(answer.data.approval).toMatchObject({ by: 'challenge', body: { amount: 1 } });
  });

  it('refuses at start what the constructor would put in a handler’s place', async () => {
    @WebSocketGateway(kind === 'ws' ? { path: '/bound' } : { namespace: '/bound' })
    class Bound {
      constructor() {
        this.pay = this.pay.bind(this);
      }
      @SubscribeMessage('pay')
      @RequireAction('createPayment')
      pay(): string {
        return 'ran';
      }
    }
    class Unserved {
      @RequireAction('createPayment')
      pay(): string {
        return 'ran';
      }
    }
    await expect(socketBank(kind, town(), {}, { providers: [Bound] })).rejects.toThrow(
      'Bound.pay is guarded, but the constructor puts another function in its place',
    );
    await expect(socketBank(kind, town(), {}, { providers: [Unserved] })).rejects.toThrow(
      '@RequireAction guards nothing on Unserved.pay',
    );
  });
});

describe('what the messages left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
