import { expect } from '@jest/globals';
import { type Bank, guarded } from '../../../support/bank.js';
import {
  type Answer,
  Customer,
  expectApproval,
  expectRefusal,
  type Sending,
} from '../../../support/customer.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';
import { PAYMENT, paymentPolicy } from './payment.js';

const MINUTE = 60_000;

const bank: Bank = {
  routes: [
    guarded('post', '/payments', 'createPayment', paymentPolicy),
    guarded('post', '/quick', 'createPayment', { maxProofAgeMs: 2 * MINUTE }),
    guarded('post', '/close', 'closeAccount'),
    guarded('post', '/passkey', 'createPayment', { methods: ['PASSKEY', 'WHATSAPP'] }),
    guarded('post', '/passkey-only', 'createPayment', { methods: ['PASSKEY'] }),
    guarded('post', '/transfers/:from/:to', 'createPayment'),
    guarded('get', '/transfers', 'createPayment'),
    guarded('put', '/limits', 'createPayment'),
    guarded('patch', '/limits', 'createPayment'),
    guarded('delete', '/limits', 'createPayment'),
    guarded('all', '/any', 'createPayment'),
  ],
};

const story = storiesOf(bank);
const pay: Sending = { path: '/payments', body: PAYMENT };

/** The request is challenged anew, for this reason, and nothing ran. */
function expectReason(customer: Customer, answer: Answer, reason: string): void {
  expectRefusal(answer, 403, 'step_up_required', { reason });
  customer.tokenIn(answer);
  expect(customer.event('proof_refused')).toMatchObject({ reason });
  expect(customer.event('refused')).toMatchObject({ code: 'step_up_required', reason });
}

const times: readonly Scenario[] = [
  story("a proof older than the policy's limit has expired", async (customer) => {
    const quick = { path: '/quick', body: PAYMENT };
    const proof = await customer.proofFor(quick);
    customer.emulator.clock.advance(2 * MINUTE + 1_000);
    expectReason(customer, await customer.send({ ...quick, proof }), 'proof_expired');
    expect(customer.runs).toBe(0);
  }),
  story('a proof counts up to the limit', async (customer) => {
    const quick = { path: '/quick', body: PAYMENT };
    const proof = await customer.proofFor(quick);
    customer.emulator.clock.advance(2 * MINUTE - 30_000);
    expectApproval(await customer.send({ ...quick, proof }), 'challenge');
  }),
  story("a proof whose token has run out at Authsignal's has expired", async (customer) => {
    const proof = await customer.proofFor(pay);
    customer.emulator.clock.advance(11 * MINUTE);
    expectReason(customer, await customer.send({ ...pay, proof }), 'proof_expired');
    expect(customer.runs).toBe(0);
  }),
  story('the fresh challenge of an expired proof leads on', async (customer) => {
    const old = await customer.proofFor(pay);
    customer.emulator.clock.advance(11 * MINUTE);
    const answer = await customer.send({ ...pay, proof: old });
    const proof = await customer.prove(customer.tokenIn(answer));
    expectApproval(await customer.send({ ...pay, proof }), 'challenge');
    expect(customer.runs).toBe(1);
  }),
];

const belongings: readonly Scenario[] = [
  story('a proof that is no token of anybody does not count', async (customer) => {
    for (const proof of ['garbage', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', '~']) {
      expectReason(customer, await customer.send({ ...pay, proof }), 'proof_invalid');
    }
    expect(customer.runs).toBe(0);
  }),
  story("another user's proof does not count", async (customer) => {
    const other = new Customer(customer.host, customer.town);
    const proof = await other.proofFor(pay);
    expectReason(customer, await customer.send({ ...pay, proof }), 'proof_invalid');
    expect(customer.runs).toBe(0);
    expectApproval(await other.send({ ...pay, proof }), 'challenge');
  }),
  story("another action's proof does not count", async (customer) => {
    const proof = await customer.proofFor({ path: '/close' });
    expectReason(customer, await customer.send({ ...pay, proof }), 'proof_invalid');
    expect(customer.runs).toBe(0);
  }),
  story('a challenge that was not completed does not count', async (customer) => {
    const proof = await customer.challenge(pay);
    expectReason(customer, await customer.send({ ...pay, proof }), 'challenge_pending');
    expect(customer.runs).toBe(0);
  }),
  story('a challenge that failed does not count', async (customer) => {
    const token = await customer.challenge(pay);
    const { idempotencyKey = '' } = customer.event('action_tracked') ?? {};
    const reference = { userId: customer.id, action: 'createPayment', idempotencyKey };
    customer.emulator.actions.setState(reference, 'CHALLENGE_FAILED');
    expectReason(customer, await customer.send({ ...pay, proof: token }), 'proof_invalid');
    expect(customer.runs).toBe(0);
  }),
  story('a method that the policy does not count is refused', async (customer) => {
    // Both authenticators are enrolled, so that a challenge is worth while at all.
    customer.emulator.users.enroll(customer.id, { verificationMethod: 'PASSKEY' });
    const passkey = { path: '/passkey-only' };
    const proof = await customer.proofFor(passkey);
    expectReason(customer, await customer.send({ ...passkey, proof }), 'method_not_allowed');
    expect(customer.runs).toBe(0);
  }),
  story('one of several methods that count is enough', async (customer) => {
    const answer = await customer.send({ path: '/passkey' });
    expectRefusal(answer, 403, 'step_up_required', {
      // PASSKEY counts as well, but this user has none.
      challenge: { methods: ['WHATSAPP'] },
    });
    const proof = await customer.prove(customer.tokenIn(answer));
    expectApproval(await customer.send({ path: '/passkey', proof }), 'challenge');
  }),
  story('who has none of the methods that count must enroll one', async (customer) => {
    const answer = await customer.send({ path: '/passkey-only' });
    expectRefusal(answer, 403, 'step_up_enrollment_required');
  }),
];

const changed: readonly (readonly [string, Sending, Sending])[] = [
  ['another amount', pay, { ...pay, body: { ...PAYMENT, amount: 2_001 } }],
  ['another payee', pay, { ...pay, body: { ...PAYMENT, payee: 'eve' } }],
  ['another route parameter', { path: '/transfers/a/b' }, { path: '/transfers/a/c' }],
  ['parameters that swap places', { path: '/transfers/a/b' }, { path: '/transfers/b/a' }],
  [
    'another query',
    { method: 'get', path: '/transfers?page=1' },
    { method: 'get', path: '/transfers?page=2' },
  ],
  [
    'one more query parameter',
    { method: 'get', path: '/transfers?page=1' },
    { method: 'get', path: '/transfers?page=1&all=1' },
  ],
  [
    'one value that becomes a list',
    { method: 'get', path: '/transfers?page=1' },
    { method: 'get', path: '/transfers?page=1&page=1' },
  ],
  ['one more field', { path: '/close', body: { a: 1 } }, { path: '/close', body: { a: 1, b: 2 } }],
  ['one field less', { path: '/close', body: { a: 1, b: 2 } }, { path: '/close', body: { a: 1 } }],
  ['a number as text', { path: '/close', body: { a: 1 } }, { path: '/close', body: { a: '1' } }],
  ['a body where there was none', { path: '/close' }, { path: '/close', body: { a: 1 } }],
  [
    'another order in a list',
    { path: '/close', body: { list: [1, 2] } },
    { path: '/close', body: { list: [2, 1] } },
  ],
  [
    'PATCH for PUT',
    { method: 'put', path: '/limits', body: { limit: 1 } },
    { method: 'patch', path: '/limits', body: { limit: 1 } },
  ],
  [
    'another method of one handler',
    { method: 'put', path: '/any' },
    { method: 'post', path: '/any' },
  ],
  ['another route', { path: '/quick', body: PAYMENT }, { path: '/any', body: PAYMENT }],
];

const changes = changed.map(([name, first, then]) =>
  story(`the request changed: ${name}`, async (customer) => {
    const proof = await customer.proofFor(first);
    expectReason(customer, await customer.send({ ...then, proof }), 'binding_mismatch');
    expect(customer.runs).toBe(0);
    // It was not used up by the attempt.
    expectApproval(await customer.send({ ...first, proof }), 'challenge');
  }),
);

const same: readonly (readonly [string, Sending, Sending])[] = [
  [
    'its keys in another order',
    { path: '/close', body: { a: 1, b: { c: [1], d: null } } },
    { path: '/close', body: '{"b":{"d":null,"c":[1]},"a":1.0}', type: 'application/json' },
  ],
  ['a field that is not bound', pay, { ...pay, body: { ...PAYMENT, comment: 'for lunch' } }],
  [
    'its query in another order',
    { method: 'get', path: '/transfers?a=1&b=2' },
    { method: 'get', path: '/transfers?b=2&a=1' },
  ],
  [
    'HEAD for GET',
    { method: 'get', path: '/transfers?a=1' },
    { method: 'head', path: '/transfers?a=1' },
  ],
];

const sames = same.map(([name, first, then]) =>
  story(`the request is the same with ${name}`, async (customer) => {
    const proof = await customer.proofFor(first);
    const answer = await customer.send({ ...then, proof });
    expect([200, 201]).toContain(answer.status);
    expect(customer.runs).toBe(1);
    expect(customer.event('proof_burned')).toBeDefined();
  }),
);

const verbs = (['put', 'patch', 'delete'] as const).map((method) =>
  story(`${method.toUpperCase()} is guarded and carried out once`, async (customer) => {
    const sending = { method, path: '/limits', body: { limit: 5 } };
    const proof = await customer.proofFor(sending);
    expectApproval(await customer.send({ ...sending, proof }), 'challenge');
    expectRefusal(await customer.send({ ...sending, proof }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
);

const others: readonly Scenario[] = [
  story('HEAD runs the GET handler, so it is guarded as GET', async (customer) => {
    const answer = await customer.send({ method: 'head', path: '/transfers' });
    expect(answer.status).toBe(403);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.text).toBe('');
    expect(customer.event('action_tracked')).toMatchObject({ method: 'GET' });
    expect(customer.runs).toBe(0);
  }),
  story('OPTIONS on a guarded route is guarded', async (customer) => {
    expectRefusal(
      await customer.send({ method: 'options', path: '/any' }),
      403,
      'step_up_required',
    );
    const proof = await customer.proofFor({ method: 'options', path: '/any' });
    expectApproval(await customer.send({ method: 'options', path: '/any', proof }), 'challenge');
    expect(customer.runs).toBe(1);
  }),
];

export const proofs: readonly Scenario[] = [
  ...times,
  ...belongings,
  ...changes,
  ...sames,
  ...verbs,
  ...others,
];
