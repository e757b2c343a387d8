import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createStepUpGate } from 'authsignal-guard';
import { type Bank, guarded, type Route } from '../../support/bank.js';
import { Customer, expectApproval, expectRefusal, type Sending } from '../../support/customer.js';
import { gateOptions } from '../../support/host.js';
import { foundTown, playScenarios, type Scenario, storiesOf } from '../../support/scenarios.js';
import { ACTIONS, PAYMENT, paymentPolicy } from './scenarios/payment.js';

const town = foundTown({ actions: { ...ACTIONS, look: { outcome: 'ALLOW' } } });

const routes: readonly Route[] = [
  guarded('post', '/payments', 'createPayment', paymentPolicy),
  guarded('post', '/raw', 'createPayment'),
  guarded('put', '/raw', 'createPayment'),
  guarded('get', '/raw', 'createPayment'),
  guarded('post', '/accounts/:account/close', 'createPayment'),
  guarded('post', '/close', 'closeAccount'),
  guarded('post', '/look', 'look', { requireChallenge: true }),
];
const bank: Bank = {
  options: () => ({ session: ({ raw }) => raw.sessionId ?? 'no-session' }),
  routes,
};
const story = storiesOf(bank);
const RAW: Sending = { path: '/raw', body: { amount: 10, payee: 'ann' } };

/** Nothing ran, and whoever tries is challenged anew or told that it is no request. */
async function expectWorthless(customer: Customer, sending: Sending): Promise<void> {
  const answer = await customer.sendQuietly(sending);
  const { headers, json, ...rest } = answer;
  expect({ rest, json, isDone: 'done' in json }).toMatchObject({ isDone: false });
  expect([400, 403]).toContain(answer.status);
  expect(customer.runs).toBe(0);
}

/** Calls the Server API as the application itself could. */
async function serverCall(customer: Customer, path: string, body: object): Promise<string> {
  const { apiUrl, secret } = customer.emulator;
  const answer = await fetch(`${apiUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${secret}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  return String(Object(await answer.json()).token);
}

const track = (customer: Customer, action: string, body: object = {}): Promise<string> =>
  serverCall(customer, `/users/${customer.id}/actions/${action}`, body);

/** A JWT of the tenant's form, signed with whatever the attacker has. */
function forged(claims: object, alg: 'HS256' | 'none', secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  const signature = createHmac('sha256', secret).update(head).digest('base64url');
  return alg === 'none' ? `${head}.` : `${head}.${signature}`;
}

const stolen: readonly (readonly [string, Sending, Sending])[] = [
  ['for another action', { path: '/close', body: RAW.body ?? {} }, RAW],
  ['for another route', { ...RAW, path: '/payments', body: PAYMENT }, { ...RAW, body: PAYMENT }],
  ['for another method', { ...RAW, method: 'put' }, RAW],
  ['for other parameters', { path: '/accounts/1/close' }, { path: '/accounts/2/close' }],
  ['for another query', { ...RAW, path: '/raw?to=ann' }, { ...RAW, path: '/raw?to=eve' }],
  ['without the query', RAW, { ...RAW, path: '/raw?dry=false' }],
  ['for another body', RAW, { ...RAW, body: { amount: 11, payee: 'ann' } }],
  ['for another session', { ...RAW, session: 's-1' }, { ...RAW, session: 's-2' }],
  ['for a list of queries', { ...RAW, path: '/raw?a=1' }, { ...RAW, path: '/raw?a=1&a=2' }],
  ['for a nested query', { ...RAW, path: '/raw?a=1' }, { ...RAW, path: '/raw?a[]=1' }],
  ['for a body of bytes', { path: '/raw' }, { path: '/raw', body: 'x', type: 'text/plain' }],
];

const elsewhere: readonly Scenario[] = [
  ...stolen.map(([name, victim, attack]) =>
    story(`a proof ${name}`, async (customer) => {
      const proof = await customer.proofFor(victim);
      await expectWorthless(customer, { ...attack, proof });
    }),
  ),
  story('a proof of another subject, who even has the same phone', async (customer) => {
    const victim = new Customer(customer.host, customer.town);
    customer.emulator.users.enroll(customer.id, { phoneNumber: victim.phone });
    const proof = await victim.proofFor(RAW);
    await expectWorthless(customer, { ...RAW, proof });
  }),
  story('a proof that was bound by a gate with another audience', async (customer) => {
    await expectForeignGate(customer, { audience: 'of-another-app' });
  }),
  story('a proof that was bound by a gate with another secret', async (customer) => {
    await expectForeignGate(customer, { secret: 'a-secret-of-another-application' });
  }),
  story('a proof that was bound by a gate without sessions', async (customer) => {
    await expectForeignGate(customer, {});
  }),
];

/** A proof for the very same request, from a gate beside ours on the same tenant. */
async function expectForeignGate(
  customer: Customer,
  options: { readonly audience?: string; readonly secret?: string },
): Promise<void> {
  const gate = createStepUpGate(gateOptions(customer.town, options));
  const verdict = await gate.evaluate(
    {
      transport: 'http',
      method: 'POST',
      path: '/raw',
      route: '/raw',
      params: {},
      query: {},
      headers: {},
      body: RAW.body,
      bodyState: 'read',
      ip: undefined,
      raw: { user: { id: customer.id } },
    },
    { action: 'createPayment' },
  );
  const token = verdict.kind === 'challenge' ? verdict.challenge.token : '';
  const proof = await customer.prove(token);
  await gate.close();
  await expectWorthless(customer, { ...RAW, proof });
}

const homemade: readonly Scenario[] = [
  story('the raw token of `track`, without any challenge', async (customer) => {
    const proof = await customer.challenge(RAW);
    await expectWorthless(customer, { ...RAW, proof });
  }),
  story('a token of an action that was allowed', async (customer) => {
    const proof = await track(customer, 'look');
    await expectWorthless(customer, { path: '/look', proof });
    await expectWorthless(customer, { ...RAW, proof });
  }),
  story('a challenge that the application tracked itself', async (customer) => {
    for (const key of [
      {},
      { idempotencyKey: 'order-17' },
      { idempotencyKey: `v1${'A'.repeat(56)}` },
    ]) {
      const other = new Customer(customer.host, customer.town);
      const proof = await other.prove(await track(other, 'createPayment', key));
      await expectWorthless(other, { ...RAW, proof });
    }
  }),
  story('a proof of a user who is blocked by now', async (customer) => {
    const proof = await customer.proofFor(RAW);
    const { idempotencyKey = '' } = customer.event('action_tracked') ?? {};
    const reference = { userId: customer.id, action: 'createPayment', idempotencyKey };
    customer.emulator.actions.setState(reference, 'BLOCK');
    await expectWorthless(customer, { ...RAW, proof });
  }),
  story('an action that an analyst has reviewed, but nobody has proven', async (customer) => {
    const proof = await customer.challenge(RAW);
    const { idempotencyKey = '' } = customer.event('action_tracked') ?? {};
    const reference = { userId: customer.id, action: 'createPayment', idempotencyKey };
    for (const state of ['REVIEW_SUCCEEDED', 'ALLOW', 'REVIEW_REQUIRED'] as const) {
      customer.emulator.actions.setState(reference, state);
      await expectWorthless(customer, { ...RAW, proof });
    }
  }),
  story('a token that is forged', async (customer) => {
    const token = await customer.challenge(RAW);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const scope = 'read:authenticators add:authenticators';
    const forgeries = [
      forged({ ...claims, scope }, 'none', ''),
      forged({ ...claims, scope }, 'HS256', 'a-guess-of-the-secret'),
      forged({ ...claims, scope }, 'HS256', ''),
      `${token}=`,
      `${token}.${token.split('.')[2]}`,
      token.slice(0, -2),
    ];
    for (const proof of forgeries) {
      await expectWorthless(customer, { ...RAW, proof });
    }
  }),
  story('a wrong code, again and again', async (customer) => {
    const { emulator, phone } = customer;
    const token = await customer.challenge(RAW);
    const call = (path: string, body: object) =>
      fetch(`${emulator.apiUrl}/client${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await call('/challenge/whatsapp', {});
    const code = await emulator.inbox.waitForCode(phone);
    const wrong = code === '000000' ? '000001' : '000000';
    await call('/verify/whatsapp', { verificationCode: wrong });
    await expectWorthless(customer, { ...RAW, proof: token });
  }),
];

const json = (body: string): Sending => ({ path: '/raw', body, type: 'application/json' });

const bodies: readonly (readonly [string, Sending, Sending])[] = [
  [
    'a body with __proto__',
    json('{"amount":10}'),
    json('{"amount":10,"__proto__":{"payee":"eve"}}'),
  ],
  [
    'another __proto__',
    json('{"amount":10,"__proto__":{"payee":"ann"}}'),
    json('{"amount":10,"__proto__":{"payee":"eve"}}'),
  ],
  [
    'a body with another constructor',
    json('{"amount":10,"constructor":{"prototype":{"a":1}}}'),
    json('{"amount":10,"constructor":{"prototype":{"a":2}}}'),
  ],
  ['a key twice, of which the last counts', json('{"a":1}'), json('{"a":1,"a":2}')],
  ['a number that only looks the same', json('{"a":1}'), json('{"a":1.0000000000000002}')],
  ['a number beyond all bounds', json('{"a":1}'), json('{"a":1e999}')],
  ['nothing for a number', json('{"a":0}'), json('{"a":null}')],
  ['minus for plus', json('{"a":10}'), json('{"a":-10}')],
  ['true for 1', json('{"a":1}'), json('{"a":true}')],
  ['a list for its only item', json('{"a":1}'), json('{"a":[1]}')],
  ['an object for its text', json('{"a":"{}"}'), json('{"a":{}}')],
  ['a letter that looks the same', json('{"a":"eve"}'), json('{"a":"ev\u0435"}')],
  ['another normal form', json('{"a":"\u00e9"}'), json('{"a":"e\u0301"}')],
  ['half a character', json('{"a":"\\ud800"}'), json('{"a":"\\udfff"}')],
];

const tricks: readonly Scenario[] = [
  ...bodies.map(([name, victim, attack]) =>
    story(`a proof for ${name}`, async (customer) => {
      const first = await customer.sendQuietly(victim);
      if (first.status === 400) {
        // What cannot be bound at all is refused before it comes to a proof.
        expect(customer.runs).toBe(0);
        return;
      }
      const proof = await customer.prove(customer.tokenIn(first));
      await expectWorthless(customer, { ...attack, proof });
    }),
  ),
  story('method overrides that somebody else may heed', async (customer) => {
    const proof = await customer.proofFor({ ...RAW, method: 'put' });
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
      await expectWorthless(customer, { ...RAW, proof, headers: { [name]: 'PUT' } });
    }
    await expectWorthless(customer, { ...RAW, path: '/raw?_method=PUT', proof });
  }),
  story('paths that somebody else may heed', async (customer) => {
    const proof = await customer.proofFor({ path: '/accounts/1/close' });
    const headers = { 'x-original-url': '/accounts/1/close', 'x-rewrite-url': '/accounts/1/close' };
    await expectWorthless(customer, { path: '/accounts/2/close', proof, headers });
  }),
  story('a proof in the query, a cookie or the body', async (customer) => {
    const proof = await customer.proofFor(RAW);
    const before = customer.calls('validate');
    const path = `/raw?Step-Up-Proof=${proof}&step-up-proof=${proof}`;
    await expectWorthless(customer, { ...RAW, path });
    const headers = { cookie: `Step-Up-Proof=${proof}`, authorization: `Bearer ${proof}` };
    await expectWorthless(customer, { ...RAW, headers });
    await expectWorthless(customer, {
      ...RAW,
      body: { ...Object(RAW.body), 'step-up-proof': proof },
    });
    expect(customer.calls('validate')).toBe(before);
    expectApproval(await customer.sendQuietly({ ...RAW, proof }), 'challenge');
  }),
  story('a used proof, spelled otherwise', async (customer) => {
    const proof = await customer.proofFor(RAW);
    expectApproval(await customer.sendQuietly({ ...RAW, proof }), 'challenge');
    const spellings = [`${proof}=`, `${proof}==`, ` ${proof}`, `${proof} `, proof.toUpperCase()];
    for (const spelling of [...spellings, proof]) {
      const answer = await customer.sendQuietly({ ...RAW, proof: spelling });
      expect([403, 409]).toContain(answer.status);
    }
    expect(customer.runs).toBe(1);
  }),
  story('a DTO does not let through what it does not know', async (customer) => {
    const body = JSON.stringify({ ...PAYMENT, role: 'admin' }).replace(
      '{',
      '{"__proto__":{"x":1},',
    );
    const answer = await customer.sendQuietly({ ...json(body), path: '/payments' });
    expect([400, 403]).toContain(answer.status);
    expect(customer.runs).toBe(0);
    expect(Reflect.get({}, 'x')).toBeUndefined();
    const pay = { path: '/payments', body: { ...PAYMENT, role: 'admin' } };
    const proof = await customer.proofFor(pay);
    const done = await customer.send({ ...pay, proof });
    expect(done.json).toMatchObject({ approvedBody: PAYMENT });
    expect(done.text).not.toContain('admin');
  }),
  story('what the client says of itself changes nothing', async (customer) => {
    const headers = { 'x-user-id': 'ann', 'x-forwarded-for': '10.0.0.1', 'idempotency-key': 'x' };
    const answer = await customer.send({ ...RAW, headers, as: null });
    expectRefusal(answer, 401, 'step_up_unauthenticated');
    expect(customer.runs).toBe(0);
  }),
];

playScenarios('a stolen proof', elsewhere, { town });
playScenarios("a proof of the attacker's own making", homemade, { town });
playScenarios('a request in disguise', tricks, { town });

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
