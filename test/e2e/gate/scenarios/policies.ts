import { expect } from '@jest/globals';
import type { TrackAttributes } from 'authsignal-guard';
import { IsInt } from 'class-validator';
import { type Bank, guarded } from '../../../support/bank.js';
import { type Customer, expectApproval, expectRefusal } from '../../../support/customer.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';
import { PAYMENT, paymentPolicy } from './payment.js';

/** What a zod schema throws: an error with `issues`. */
class SchemaError extends Error {
  constructor(readonly issues: readonly { path: readonly PropertyKey[]; message: string }[]) {
    super('Invalid input');
  }
}

/** A reader as zod's `schema.parse` is one; it turns the amount into cents. */
async function parseTransfer(raw: unknown): Promise<{ readonly cents: number }> {
  const amount: unknown = Object(raw).amount;
  if (typeof amount !== 'string' || !/^\d+\.\d{2}$/.test(amount)) {
    throw new SchemaError([{ path: ['amount'], message: 'Expected an amount such as "1.00"' }]);
  }
  return { cents: Number(amount.replace('.', '')) };
}

class WithSecretsDto {
  @IsInt()
  amount!: number;
  /** Counts how often it was made, and stands for a field that JSON does not show. */
  #checked = 0;

  get checked(): number {
    return this.#checked;
  }
}

const header =
  (name: string) =>
  ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string =>
    String(headers[name]);

const bank: Bank = {
  options: () => ({ header: 'X-Bank-Proof' }),
  routes: [
    guarded('post', '/choose', {
      oneOf: ['viewPayments', 'createPayment'],
      select: async (request) => header('x-action')(request),
    }),
    guarded('post', '/choose/badly', {
      oneOf: ['viewPayments'],
      select: () => {
        throw new Error('no such thing');
      },
    }),
    guarded('post', '/ruled', 'ruledPayment', paymentPolicy),
    guarded('post', '/schema', 'createPayment', {
      body: parseTransfer,
      bind: ({ body }) => ({ cents: body.cents }),
    }),
    guarded('post', '/schema/raw', 'createPayment', { body: parseTransfer }),
    guarded('post', '/instance', 'createPayment', {
      body: WithSecretsDto,
      bind: ({ body }) => ({ payment: Object(body) }),
    }),
    guarded('post', '/attributes', 'viewPayments', {
      attributes: async () => ({
        redirectUrl: 'https://bank.test/back',
        email: 'ann@bank.test',
        phoneNumber: '+64219990000',
        username: 'ann',
        locale: 'en-NZ',
        deviceId: 'device-of-the-app',
        custom: { amount: 5, kind: 'private', first: true },
      }),
    }),
    guarded('post', '/facts', 'viewPayments'),
    ...['idempotencyKey', 'scope', 'userId', '__proto__', 'toString'].map((name) =>
      guarded('post', `/forbidden/${name}`, 'viewPayments', {
        attributes: () => JSON.parse(`{"${name}":"x"}`) as TrackAttributes,
      }),
    ),
    guarded('post', '/wrong-type', 'viewPayments', {
      attributes: () => ({ custom: { amount: Number.NaN } }),
    }),
    guarded('post', '/subject', 'viewPayments', {
      subject: async (request) => header('x-card-holder')(request),
    }),
    guarded('post', '/subject/number', 'viewPayments', { subject: () => 42 }),
    guarded('post', '/must', 'viewPayments', { requireChallenge: true }),
    guarded('post', '/must/free', 'viewPayments', {
      requireChallenge: true,
      whenUnenrolled: 'allow',
    }),
    guarded('post', '/newcomers', 'createPayment', { whenUnenrolled: 'allow' }),
    guarded('post', '/observed', 'createPayment', { ...paymentPolicy, mode: 'observe' }),
    guarded('post', '/observed/nobody', 'createPayment', {
      mode: 'observe',
      subject: () => null,
    }),
    guarded('post', '/skipped', 'blockedAction', {
      skip: async (request) => header('x-internal')(request) === 'yes',
    }),
    guarded('post', '/skipped/badly', 'viewPayments', {
      skip: () => {
        throw new Error('cannot tell');
      },
    }),
    guarded('post', '/skipped/truthy', 'createPayment', {
      skip: () => JSON.parse('"yes"'),
    }),
    ...(['subject', 'bind', 'attributes'] as const).map((callback) =>
      guarded<unknown>('post', `/throwing/${callback}`, 'viewPayments', {
        body: (raw) => raw,
        [callback]: () => {
          throw new Error(`${callback} of +64211234567 with code 123456 went wrong`);
        },
      }),
    ),
  ],
};
const story = storiesOf(bank);

/** The last `track` as Authsignal got it. */
function tracked(customer: Customer): Readonly<Record<string, unknown>> {
  const body: unknown = customer.emulator.requests.all('track').at(-1)?.body;
  return Object(body);
}

const actions: readonly Scenario[] = [
  story('`select` chooses among the named actions', async (customer) => {
    const choose = (action: string) =>
      customer.send({ path: '/choose', headers: { 'x-action': action } });
    expectApproval(await choose('viewPayments'), 'rules', { action: 'viewPayments' });
    expectRefusal(await choose('createPayment'), 403, 'step_up_required', {
      action: 'createPayment',
    });
  }),
  story('a client cannot choose an action without rules', async (customer) => {
    const before = customer.calls('track');
    for (const action of ['unknownAction', '', 'constructor', 'viewpayments']) {
      const sending = { path: '/choose', headers: { 'x-action': action } };
      expectRefusal(await customer.send(sending), 500, 'step_up_misconfigured');
    }
    expect(customer.calls('track')).toBe(before);
    expect(customer.runs).toBe(0);
    expect(customer.event('callback_failed')).toMatchObject({ callback: 'select' });
  }),
  story('a rule decides by what the DTO says', async (customer) => {
    const small = { path: '/ruled', body: { ...PAYMENT, amount: 10 } };
    expectApproval(await customer.send(small), 'rules', { bound: small.body });
    await customer.challenge({ path: '/ruled', body: PAYMENT });
  }),
];

const bodies: readonly Scenario[] = [
  story("a schema's value is bound and handed over", async (customer) => {
    const transfer = { path: '/schema', body: { amount: '12.50', note: 'x' } };
    const token = await customer.challenge(transfer);
    const headers = { 'x-bank-proof': await customer.prove(token) };
    const answer = await customer.send({ ...transfer, headers });
    expectApproval(answer, 'challenge', { body: { cents: 1250 }, bound: { cents: 1250 } });
    expect(answer.json).toMatchObject({ approvedBody: { cents: 1250 } });
  }),
  story("a schema's issues become pointers", async (customer) => {
    expectRefusal(await customer.send({ path: '/schema', body: {} }), 400, 'request_invalid', {
      errors: [{ pointer: '#/amount', detail: 'Expected an amount such as "1.00"' }],
    });
  }),
  story('without `bind` the raw body is bound, whatever a schema makes of it', async (customer) => {
    const raw = { path: '/schema/raw', body: { amount: '12.50', note: 'x' } };
    const token = await customer.challenge(raw);
    const headers = { 'x-bank-proof': await customer.prove(token) };
    const changed = { ...raw, body: { amount: '12.50', note: 'y' } };
    expectRefusal(await customer.send({ ...changed, headers }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    expectApproval(await customer.send({ ...raw, headers }), 'challenge', {
      body: { cents: 1250 },
    });
  }),
  story('a class instance cannot be bound, because it may hide something', async (customer) => {
    const answer = await customer.send({ path: '/instance', body: { amount: 1 } });
    expectRefusal(answer, 500, 'step_up_misconfigured');
    expect(customer.event('callback_failed')).toMatchObject({
      callback: 'bind',
      error: '#/payment is a WithSecretsDto; bind plain values of it',
    });
  }),
  story('whole numbers, texts and the like can be bound, fractions cannot', async (customer) => {
    for (const amount of [0.1, 1e21, 2 ** 53]) {
      const sending = { path: '/ruled', body: { ...PAYMENT, amount } };
      expectRefusal(await customer.send(sending), 400, 'request_invalid');
    }
    expect(customer.runs).toBe(0);
  }),
];

const attributes: readonly Scenario[] = [
  story("the policy's attributes reach Authsignal", async (customer) => {
    expectApproval(await customer.send({ path: '/attributes' }), 'rules');
    expect(tracked(customer)).toMatchObject({
      redirectUrl: 'https://bank.test/back',
      email: 'ann@bank.test',
      phoneNumber: '+64219990000',
      username: 'ann',
      locale: 'en-NZ',
      deviceId: 'device-of-the-app',
      custom: { amount: 5, kind: 'private', first: true },
    });
  }),
  story("the request's own facts reach Authsignal", async (customer) => {
    const headers = { 'user-agent': 'Bank/1.0', cookie: 'a=b; __as_aid=3f2a-77' };
    expectApproval(await customer.send({ path: '/facts', headers }), 'rules');
    expect(tracked(customer)).toMatchObject({
      ipAddress: expect.stringContaining('127.0.0.1'),
      userAgent: 'Bank/1.0',
      deviceId: '3f2a-77',
      idempotencyKey: expect.stringMatching(/^v1[\w-]{56}$/),
    });
    expect(tracked(customer)).not.toHaveProperty('scope');
  }),
  story('what is not an attribute is refused, never passed on', async (customer) => {
    const before = customer.calls('track');
    for (const name of ['idempotencyKey', 'scope', 'userId', '__proto__', 'toString']) {
      const answer = await customer.send({ path: `/forbidden/${name}` });
      expectRefusal(answer, 500, 'step_up_misconfigured');
    }
    expectRefusal(await customer.send({ path: '/wrong-type' }), 500, 'step_up_misconfigured');
    expect(customer.calls('track')).toBe(before);
  }),
];

const subjects: readonly Scenario[] = [
  story("a route's own subject goes over the gate's", async (customer) => {
    customer.emulator.users.enroll('holder-7', { phoneNumber: '+64219990007' });
    const headers = { 'x-card-holder': 'holder-7' };
    const answer = await customer.send({ path: '/subject', headers, as: null });
    expectApproval(answer, 'rules', { subject: 'holder-7' });
  }),
  story('a number is an id, too', async (customer) => {
    customer.emulator.users.enroll('42', { phoneNumber: '+64219990042' });
    expectApproval(await customer.send({ path: '/subject/number' }), 'rules', { subject: '42' });
  }),
];

const rules: readonly Scenario[] = [
  story('`requireChallenge` raises an ALLOW to a challenge that counts', async (customer) => {
    const answer = await customer.send({ path: '/must' });
    expectRefusal(answer, 403, 'step_up_required');
    expect(customer.event('challenge_issued')).toMatchObject({ raised: true });
    expect(customer.calls('updateAction')).toBeGreaterThan(0);
    const headers = { 'x-bank-proof': await customer.prove(customer.tokenIn(answer)) };
    expectApproval(await customer.send({ path: '/must', headers }), 'challenge');
    expectRefusal(await customer.send({ path: '/must', headers }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
  story(
    'a completed challenge that still reads ALLOW ends in failure, not in a second message',
    async (customer) => {
      const token = await customer.challenge({ path: '/must' });
      const headers = { 'x-bank-proof': await customer.prove(token) };
      const { idempotencyKey = '' } = customer.event('action_tracked') ?? {};
      const reference = { userId: customer.id, action: 'viewPayments', idempotencyKey };
      customer.emulator.actions.setState(reference, 'ALLOW');
      expectRefusal(await customer.send({ path: '/must', headers }), 403, 'step_up_failed');
      expect(customer.runs).toBe(0);
      expect(customer.emulator.inbox.messages(customer.phone)).toHaveLength(1);
    },
  ),
  story('an update that changes nothing hands out no challenge', async (customer) => {
    customer.emulator.faults.add({
      kind: 'status',
      status: 200,
      body: { state: 'ALLOW', stateUpdatedAt: '2026-01-01T00:00:00.000Z' },
      match: { call: 'updateAction' },
    });
    expectRefusal(await customer.send({ path: '/must' }), 503, 'step_up_unavailable');
    expect(customer.event('unexpected_answer')).toMatchObject({ call: 'updateAction' });
  }),
  story(
    '`requireChallenge` asks who cannot answer to enroll',
    async (customer) => {
      const answer = await customer.send({ path: '/must' });
      expectRefusal(answer, 403, 'step_up_enrollment_required');
    },
    { enrolled: false },
  ),
  story(
    "`whenUnenrolled: 'allow'` lets the first one in, also under `requireChallenge`",
    async (customer) => {
      expectApproval(await customer.send({ path: '/newcomers' }), 'rules');
      expectApproval(await customer.send({ path: '/must/free' }), 'rules');
      expect(customer.runs).toBe(2);
    },
    { enrolled: false },
  ),
  story("`whenUnenrolled: 'allow'` is for nobody else", async (customer) => {
    expectRefusal(await customer.send({ path: '/newcomers' }), 403, 'step_up_required');
    expectRefusal(await customer.send({ path: '/must/free' }), 403, 'step_up_required');
    expect(customer.runs).toBe(0);
  }),
];

const modes: readonly Scenario[] = [
  story('`observe` tracks and reports, and refuses nobody', async (customer) => {
    const answer = await customer.send({ path: '/observed', body: PAYMENT });
    expectApproval(answer, 'observed', { body: PAYMENT, bound: PAYMENT });
    expect(customer.eventTypes).toEqual(['action_tracked', 'would_refuse', 'approved']);
    expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_required' });
    const invalid = await customer.send({ path: '/observed', body: { amount: 'x' } });
    expectApproval(invalid, 'observed', { body: { amount: 'x' } });
    expect(customer.event('would_refuse')).toMatchObject({ code: 'request_invalid' });
    expectApproval(await customer.send({ path: '/observed/nobody' }), 'observed', {
      subject: null,
    });
    expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_unauthenticated' });
  }),
  story('`skip` asks nobody', async (customer) => {
    const before = customer.calls('track');
    const headers = { 'x-internal': 'yes' };
    expectApproval(await customer.send({ path: '/skipped', headers }), 'skipped');
    expect(customer.calls('track')).toBe(before);
    expect(customer.eventTypes).toEqual(['approved']);
    expectRefusal(await customer.send({ path: '/skipped' }), 403, 'step_up_blocked');
  }),
  story('only a plain `true` of `skip` counts', async (customer) => {
    expectRefusal(await customer.send({ path: '/skipped/badly' }), 500, 'step_up_misconfigured');
    expect(customer.event('callback_failed')).toMatchObject({ callback: 'skip' });
    expectRefusal(await customer.send({ path: '/skipped/truthy' }), 403, 'step_up_required');
    expect(customer.runs).toBe(0);
  }),
  story(
    'a callback that throws is told to the log alone, without what it held',
    async (customer) => {
      for (const callback of ['subject', 'bind', 'attributes']) {
        const answer = await customer.send({ path: `/throwing/${callback}`, body: { a: 1 } });
        expectRefusal(answer, 500, 'step_up_misconfigured', {
          detail: 'The server is not set up for this action.',
        });
        expect(customer.event('callback_failed')).toMatchObject({
          callback,
          error: `Error: ${callback} of [number] with code [number] went wrong`,
        });
      }
      expect(customer.runs).toBe(0);
    },
  ),
  story('`select` that throws is a mistake of the application', async (customer) => {
    const answer = await customer.send({ path: '/choose/badly' });
    expectRefusal(answer, 500, 'step_up_misconfigured');
  }),
  story('the proof comes in the header of the options', async (customer) => {
    const answer = await customer.send({ path: '/newcomers' });
    expectRefusal(answer, 403, 'step_up_required', { retry: { header: 'X-Bank-Proof' } });
    const proof = await customer.prove(customer.tokenIn(answer));
    const wrongHeader = await customer.send({ path: '/newcomers', proof });
    expectRefusal(wrongHeader, 403, 'step_up_required');
    expect(wrongHeader.json).not.toHaveProperty('reason');
    const headers = { 'x-bank-proof': proof };
    expectApproval(await customer.send({ path: '/newcomers', headers }), 'challenge');
  }),
];

export const policies: readonly Scenario[] = [
  ...actions,
  ...bodies,
  ...attributes,
  ...subjects,
  ...rules,
  ...modes,
];
