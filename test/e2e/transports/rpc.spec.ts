import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientTCP } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { Customer, expectRefusal } from '../../support/customer.js';
import type { Host } from '../../support/host.js';
import { foundTown } from '../../support/scenarios.js';
import { ACTIONS, PAYMENT } from '../gate/scenarios/payment.js';
import { kafkaBank } from './kafka-bank.js';
import {
  breakLedger,
  caller,
  GrpcController,
  HopelessController,
  hybridBank,
  rpcBank,
  seenByFilter,
} from './rpc-bank.js';

const town = foundTown({ actions: ACTIONS });
const PAY = { cmd: 'pay', version: 1 };

type Reply = Readonly<Record<string, unknown>>;

let host: Host & { readonly port: number };
let client: ClientTCP;
let customer: Customer;

beforeAll(async () => {
  host = await rpcBank(town(), { circuitBreaker: false });
  client = caller(host.port);
});
afterAll(async () => {
  client.close();
  await host.close();
});
beforeEach(() => {
  customer = new Customer(host, town());
  breakLedger(false);
});

/** What came back, be it an answer or an error. */
async function ask(pattern: unknown, data: object | string = {}, by = client): Promise<Reply> {
  const sent = typeof data === 'string' ? data : { user: customer.id, ...data };
  return lastValueFrom(by.send<Reply>(pattern, sent)).catch((error: Reply) => error);
}

async function prove({ challenge }: Reply): Promise<string> {
  const token = String(Object(challenge).token);
  town().ledger.token(token);
  return customer.prove(token);
}

const proofFor = async (pattern: unknown, data: object = {}): Promise<string> =>
  prove(await ask(pattern, data));

/** A caller that says something beside the data. */
function callerSaying(metadata: object): ClientTCP {
  const saying = caller(host.port);
  saying.setOnDispatchHook((packet) => Object.assign(packet, { metadata }));
  return saying;
}

describe('a message', () => {
  it('is refused with the problem as the error, then runs once with the proof', async () => {
    const first = await ask(PAY, { amount: 5 });
    expect(first).toEqual({
      type: 'urn:authsignal-guard:problem:step_up_required',
      title: 'Step-up required',
      status: 403,
      detail: 'Answer the challenge, then send the same request again with the proof.',
      code: 'step_up_required',
      action: 'createPayment',
      challenge: { token: expect.any(String), url: expect.any(String), methods: ['WHATSAPP'] },
      retry: { header: 'Step-Up-Proof', field: 'stepUpProof' },
    });
    expect(customer.runs).toBe(0);
    const stepUpProof = await prove(first);
    // The order of a pattern's keys is nobody's.
    const second = await ask({ version: 1, cmd: 'pay' }, { amount: 5, stepUpProof });
    expect(second).toMatchObject({ done: 'pay', isContext: true, approval: { by: 'challenge' } });
    expect(second.data).toEqual({ user: customer.id, amount: 5 });
    expect(await ask(PAY, { amount: 5, stepUpProof })).toMatchObject({
      status: 409,
      code: 'step_up_consumed',
    });
    expect(customer.runs).toBe(1);
    expect(customer.event('approved')).toMatchObject({
      transport: 'rpc',
      method: 'MESSAGE',
      route: '{"cmd":"pay","version":1}',
      path: '{"cmd":"pay","version":1}',
    });
  });

  it('is bound to its pattern, its data and its user', async () => {
    const stepUpProof = await proofFor(PAY, { amount: 5 });
    const mismatch = { code: 'step_up_required', reason: 'binding_mismatch' };
    expect(await ask(PAY, { amount: 5_000, stepUpProof })).toMatchObject(mismatch);
    expect(await ask({ cmd: 'refund' }, { amount: 5, stepUpProof })).toMatchObject(mismatch);
    const thief = new Customer(host, town());
    const stolen = await ask(PAY, { amount: 5, user: thief.id, stepUpProof });
    expect(stolen).toMatchObject({ code: 'step_up_required', reason: 'proof_invalid' });
    expect(customer.runs).toBe(0);
  });

  it('is bound to the one of several patterns that it was sent to', async () => {
    const stepUpProof = await proofFor('release');
    expect(await ask('approve', { stepUpProof })).toMatchObject({ reason: 'binding_mismatch' });
    expect(await ask('release', { stepUpProof })).toMatchObject({ done: 'release' });
  });

  it('may have its proof and its user in its metadata', async () => {
    const unproven = callerSaying({ 'X-User': customer.id });
    const refused = await ask({ cmd: 'refund' }, 'a text', unproven);
    expect(refused).toMatchObject({ code: 'step_up_required' });
    const proof = await prove(refused);
    const proven = callerSaying({ 'x-user': customer.id, 'Step-Up-Proof': proof, 'x-other': 7 });
    expect(await ask({ cmd: 'refund' }, 'a text', proven)).toMatchObject({ data: 'a text' });
    const twice = callerSaying({ 'x-user': customer.id, 'step-up-proof': [proof, proof] });
    expect(await ask({ cmd: 'refund' }, 'a text', twice)).toMatchObject({
      reason: 'proof_invalid',
    });
    for (const each of [unproven, proven, twice]) {
      each.close();
    }
  });

  it('runs once for 50 retries at the same time', async () => {
    const stepUpProof = await proofFor(PAY, { amount: 5 });
    const retries = Array.from({ length: 50 }, () => ask(PAY, { amount: 5, stepUpProof }));
    const answers = await Promise.all(retries);
    expect(answers.filter(({ done }) => done === 'pay')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'step_up_consumed')).toHaveLength(49);
    expect(customer.runs).toBe(1);
  });

  it('gets the DTO that was validated and bound', async () => {
    expect(await ask('checked', { ...PAYMENT, amount: 0 })).toMatchObject({
      status: 400,
      code: 'request_invalid',
      errors: [{ pointer: '#/amount' }],
    });
    const stepUpProof = await proofFor('checked', PAYMENT);
    expect(await ask('checked', { ...PAYMENT, stepUpProof })).toMatchObject({
      isDto: true,
      payment: PAYMENT,
    });
  });

  it.each([
    ['promise', 'fragile'],
    ['stream', 'streamed'],
  ])("gives the proof back when its handler's %s fails", async (_what, pattern) => {
    const stepUpProof = await proofFor(pattern);
    breakLedger(true);
    expect(await ask(pattern, { stepUpProof })).toMatchObject({
      message: 'Internal server error',
    });
    expect(customer.eventTypes).toContain('proof_returned');
    breakLedger(false);
    expect(await ask(pattern, { stepUpProof })).toMatchObject({ done: pattern });
    expect(await ask(pattern, { stepUpProof })).toMatchObject({ code: 'step_up_consumed' });
  });

  it('takes the proof out of what filters and handlers see, of the metadata too', async () => {
    const stepUpProof = await proofFor('fragile');
    breakLedger(true);
    await ask('fragile', { stepUpProof });
    expect(seenByFilter()).toEqual({ data: { user: customer.id }, metadata: undefined });
    breakLedger(false);
    const unproven = callerSaying({ 'x-user': customer.id });
    const proof = await prove(await ask('fragile', 'a text', unproven));
    breakLedger(true);
    const proven = callerSaying({ 'x-user': customer.id, 'Step-Up-Proof': proof });
    await ask('fragile', 'a text', proven);
    expect(seenByFilter()).toEqual({ data: 'a text', metadata: { 'x-user': customer.id } });
    expect(customer.eventTypes.filter((type) => type === 'proof_returned')).toHaveLength(2);
    unproven.close();
    proven.close();
  });

  it.each([
    ['kept', 'an exception without a status', 'payee unknown'],
    ['kept', 'a status below 500', { status: 404 }],
    ['returned', 'a status of 500 and more', { statusCode: 503 }],
  ])('has its proof %s after %s', async (what, _why, error) => {
    const stepUpProof = await proofFor('refusing', { error });
    await ask('refusing', { error, stepUpProof });
    expect(customer.eventTypes.includes('proof_returned')).toBe(what === 'returned');
  });

  it('is let through where the policy only observes', async () => {
    expect(await ask('watched')).toMatchObject({ approval: { by: 'observed' } });
    expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_required' });
  });

  it('needs somebody who acts, and an Authsignal that answers', async () => {
    expect(await ask(PAY, { user: '' })).toMatchObject({
      status: 401,
      code: 'step_up_unauthenticated',
    });
    const stepUpProof = await proofFor(PAY);
    customer.emulator.faults.add({ kind: 'status', status: 500 });
    for (const data of [{}, { stepUpProof }]) {
      expect(await ask(PAY, data)).toMatchObject({ status: 503, code: 'step_up_unavailable' });
    }
    customer.emulator.faults.clear();
    expect(await ask(PAY, { stepUpProof })).toMatchObject({ done: 'pay' });
  });

  it('is evaluated behind the other guards of the method', async () => {
    const late = { user: '', lateUser: customer.id };
    const stepUpProof = await proofFor('late', late);
    expect(await ask('late', { ...late, stepUpProof })).toMatchObject({
      approval: { by: 'challenge', subject: customer.id },
    });
  });

  it('is guarded by the class of its handler, and a method goes over that', async () => {
    const refused = await ask('close');
    expect(refused).toMatchObject({ action: 'closeAccount' });
    const stepUpProof = await prove(refused);
    expect(await ask('close', { stepUpProof })).toMatchObject({ done: 'close' });
    expect(await ask('seize')).toMatchObject({ code: 'step_up_blocked' });
  });

  it('is guarded by a controller that is one for each message', async () => {
    const stepUpProof = await proofFor('own');
    expect(await ask('own', { stepUpProof })).toMatchObject({ approval: { by: 'challenge' } });
    expect(await ask('own', { stepUpProof })).toMatchObject({ code: 'step_up_consumed' });
  });

  it('is answered 500 where `@Approved()` finds nothing that approved it', async () => {
    expect(await ask('unguarded')).toMatchObject({ status: 500, code: 'step_up_misconfigured' });
    expect(customer.logged).toContain('@Approved() in PaymentsController.unguarded');
    expect(customer.runs).toBe(0);
  });
});

describe('an event', () => {
  it('runs its handler where it is allowed', async () => {
    const approved = town().ledger.next('approved');
    client.emit('statement.read', { user: customer.id });
    await approved;
    // Whoever asks next is answered after it.
    await ask('watched');
    expect(host.runs.of(`read {"user":"${customer.id}"}`)).toBe(1);
    expect(customer.event('approved')).toBeDefined();
  });

  it('does not run its handler where it is refused, which is reported and logged', async () => {
    const refused = town().ledger.next('refused');
    client.emit('account.closed', { user: customer.id });
    await refused;
    await ask('watched');
    expect(host.runs.of('closed')).toBe(0);
    expect(customer.events.find(({ type }) => type === 'refused')).toMatchObject({
      transport: 'rpc',
      method: 'EVENT',
      route: 'account.closed',
      code: 'step_up_required',
    });
    expect(customer.logged).toContain(
      'The event account.closed was refused with step_up_required, and nobody waits for the answer.',
    );
  });
});

describe('an event of Kafka', () => {
  it('does not come again where it was refused, but where the gate could not tell', async () => {
    const kafka = await kafkaBank(town());
    const payer = new Customer(kafka, town());
    await kafka.deliver('statement.read', { user: payer.id });
    expect(payer.runs).toBe(1);
    await kafka.deliver('account.closed', { user: payer.id });
    expect(payer.runs).toBe(1);
    expect(payer.event('refused')).toMatchObject({ code: 'step_up_required' });
    // A message for which nobody waits is an event.
    await kafka.deliver('{"cmd":"refund"}', { user: payer.id });
    expect(payer.runs).toBe(1);
    expect(payer.event('refused')).toMatchObject({ route: '{"cmd":"refund"}' });
    expect(payer.logged).toContain('The event {"cmd":"refund"} was refused');
    payer.emulator.faults.add({ kind: 'status', status: 500 });
    await expect(kafka.deliver('account.closed', { user: payer.id })).rejects.toMatchObject({
      code: 'step_up_unavailable',
    });
    payer.emulator.faults.clear();
    await kafka.close();
  });
});

describe('an event that could never pass', () => {
  it('is refused at start', async () => {
    await expect(rpcBank(town(), {}, { controllers: [HopelessController] })).rejects.toThrow(
      'HopelessController.paid handles an event under requireChallenge',
    );
  });
});

describe('a handler of two transports', () => {
  it('takes each proof over the transport that it was asked for on', async () => {
    const hybrid = await hybridBank(town());
    const byTcp = caller(hybrid.port);
    const payer = new Customer(hybrid, town());
    const ofHttp = await payer.proofFor({ path: '/hybrid', body: { user: payer.id } });
    const data = { user: payer.id };
    const refused = await ask('hybrid', { ...data, stepUpProof: ofHttp }, byTcp);
    expect(refused).toMatchObject({ reason: 'binding_mismatch' });
    const ofTcp = await payer.prove(String(Object(refused.challenge).token));
    const sending = { path: '/hybrid', body: data };
    expectRefusal(await payer.send({ ...sending, proof: ofTcp }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    expect((await payer.send({ ...sending, proof: ofHttp })).json).toMatchObject({
      done: 'hybrid',
    });
    expect(await ask('hybrid', { ...data, stepUpProof: ofTcp }, byTcp)).toMatchObject({
      done: 'hybrid',
    });
    expect(payer.runs).toBe(2);
    byTcp.close();
    await hybrid.close();
  });
});

describe('gRPC', () => {
  it('is refused at start, because its errors carry no object', async () => {
    await expect(rpcBank(town(), {}, { controllers: [GrpcController] })).rejects.toThrow(
      "GrpcController.pay has a @RequireAction, perhaps its class's, but an error of gRPC",
    );
  });
});

describe('what the messages left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
