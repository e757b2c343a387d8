import { expect } from '@jest/globals';
import { type AuthsignalPort, HttpAuthsignal, type TrackAnswer } from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import { type Bank, guarded } from '../../../support/bank.js';
import { type Customer, expectApproval, expectRefusal } from '../../../support/customer.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';
import { PAYMENT, paymentPolicy } from './payment.js';

const bank: Bank = {
  routes: [
    guarded('post', '/payments', 'createPayment', paymentPolicy),
    guarded('get', '/payments', 'viewPayments'),
    guarded('post', '/blocked', 'blockedAction'),
    guarded('post', '/reviewed', 'reviewedAction'),
    guarded('post', '/bound', 'createPayment', {
      bind: ({ body }) => ({ payee: Object(body).payee }),
    }),
    guarded('post', '/nobody', 'viewPayments', { subject: () => undefined }),
    ...['undefined', 'null', 'NaN', ' ', '[object Object]', '[object Promise]'].map((id, index) =>
      guarded('post', `/nobody/${index}`, 'viewPayments', { subject: () => id }),
    ),
    guarded('post', '/nobody/6', 'viewPayments', { subject: () => Number.NaN }),
  ],
};

const story = storiesOf(bank);
const pay = { path: '/payments', body: PAYMENT };

const own: readonly Scenario[] = [
  story('a payment is refused, challenged and carried out once', async (customer) => {
    const refused = await customer.send(pay);
    expectRefusal(refused, 403, 'step_up_required', {
      type: 'urn:authsignal-guard:problem:step_up_required',
      title: 'Step-up required',
      action: 'createPayment',
      challenge: {
        methods: expect.arrayContaining(['WHATSAPP']),
        url: expect.stringMatching(/^http/),
      },
      retry: { header: 'Step-Up-Proof' },
    });
    expect(refused.json).not.toHaveProperty('reason');
    expect(customer.runs).toBe(0);
    expect(customer.eventTypes).toEqual(['action_tracked', 'challenge_issued', 'refused']);

    const proof = await customer.prove(customer.tokenIn(refused));
    const done = await customer.send({ ...pay, proof });
    expectApproval(done, 'challenge', { method: 'WHATSAPP', body: PAYMENT, bound: PAYMENT });
    const { idempotencyKey } = customer.event('action_tracked') ?? {};
    expect(done.json).toMatchObject({ approval: { proofId: idempotencyKey } });
    expect(customer.eventTypes.slice(3)).toEqual(['proof_burned', 'approved']);
    expect(customer.event('approved')).toMatchObject({
      by: 'challenge',
      proofId: idempotencyKey,
      verificationMethod: 'WHATSAPP',
      subject: customer.id,
      action: 'createPayment',
      route: '/payments',
    });

    expectRefusal(await customer.send({ ...pay, proof }), 409, 'step_up_consumed', {
      action: 'createPayment',
    });
    expect(customer.event('proof_replayed')).toMatchObject({ proofId: idempotencyKey });
    expect(customer.runs).toBe(1);
  }),
  story('what the rules allow runs without a challenge', async (customer) => {
    expectApproval(await customer.send({ method: 'get', path: '/payments' }), 'rules');
    expect(customer.eventTypes).toEqual(['action_tracked', 'approved']);
    expect(customer.runs).toBe(1);
  }),
  story('a blocked action is told so, and no more', async (customer) => {
    const answer = await customer.send({ path: '/blocked' });
    expectRefusal(answer, 403, 'step_up_blocked', { action: 'blockedAction' });
    expect(Object.keys(answer.json)).toEqual([
      'type',
      'title',
      'status',
      'detail',
      'code',
      'action',
    ]);
  }),
  story('an action under review waits', async (customer) => {
    expectRefusal(await customer.send({ path: '/reviewed' }), 403, 'step_up_review_pending');
  }),
  story(
    'a user without an authenticator is sent to enroll one',
    async (customer) => {
      expectRefusal(await customer.send(pay), 403, 'step_up_enrollment_required', {
        action: 'createPayment',
        enrollmentUrl: 'https://bank.test/enroll',
      });
      expectRefusal(
        await customer.send({ method: 'get', path: '/payments' }),
        403,
        'step_up_enrollment_required',
      );
      expect(customer.event('action_tracked')).toMatchObject({ state: 'ALLOW', enrolled: false });
      expect(customer.runs).toBe(0);
    },
    { enrolled: false },
  ),
  story(
    'a block goes before enrolment',
    async (customer) => {
      expectRefusal(await customer.send({ path: '/blocked' }), 403, 'step_up_blocked');
    },
    { enrolled: false },
  ),
  story('an invalid DTO is refused before anything is tracked', async (customer) => {
    const before = customer.calls('track');
    const body = { amount: 0.5, currency: 'XXX', payee: 'ann' };
    expectRefusal(await customer.send({ path: '/payments', body }), 400, 'request_invalid', {
      errors: [
        { pointer: '#/amount', detail: 'amount must not be less than 1' },
        { pointer: '#/amount', detail: 'amount must be an integer number' },
        { pointer: '#/currency', detail: expect.stringContaining('NZD') },
      ],
    });
    expect(customer.calls('track')).toBe(before);
    expect(customer.event('refused')).toMatchObject({ code: 'request_invalid' });
  }),
  story('a body that is no object is refused by a DTO', async (customer) => {
    for (const body of ['[]', '[{"amount":1}]']) {
      const answer = await customer.send({ path: '/payments', body, type: 'application/json' });
      expectRefusal(answer, 400, 'request_invalid', {
        errors: [{ pointer: '#', detail: 'must be an object' }],
      });
    }
    expectRefusal(await customer.send({ path: '/payments' }), 400, 'request_invalid');
  }),
  story('a bound field that is missing is refused, never bound as empty', async (customer) => {
    for (const body of [{}, { amount: 1 }, undefined]) {
      expectRefusal(
        await customer.send({ path: '/bound', ...(body === undefined ? {} : { body }) }),
        400,
        'request_invalid',
        { errors: [{ pointer: '#/payee', detail: 'is missing' }] },
      );
    }
    expect(customer.eventTypes).not.toContain('action_tracked');
  }),
  story('nobody signed in is 401, and the log says what to do', async (customer) => {
    const answer = await customer.send({ ...pay, as: null });
    expectRefusal(answer, 401, 'step_up_unauthenticated');
    expect(customer.eventTypes).toEqual(['subject_missing', 'refused']);
    const lines = customer.town.ledger.lines.filter((line) => line.includes('found nobody'));
    expect(lines.join()).toContain('Run authentication before the gate');
  }),
  story('an id that only looks like one is nobody', async (customer) => {
    expectRefusal(await customer.send({ path: '/nobody' }), 401, 'step_up_unauthenticated');
    for (const index of [0, 1, 2, 3, 4, 5, 6]) {
      const answer = await customer.send({ path: `/nobody/${index}` });
      expectRefusal(answer, 401, 'step_up_unauthenticated');
    }
    expect(customer.runs).toBe(0);
    expect(customer.eventTypes).not.toContain('action_tracked');
  }),
];

/** The real client, and a `track` that answers something else. */
const portWith =
  (change: (answer: TrackAnswer) => Partial<TrackAnswer> | 'throw') =>
  (emulator: Emulator): { authsignal: AuthsignalPort; secret: string } => {
    const { apiUrl, secret: apiSecretKey } = emulator;
    const client = new HttpAuthsignal({ apiSecretKey, apiUrl });
    const track = client.track.bind(client);
    const authsignal = Object.assign(client, {
      track: async (request: Parameters<typeof track>[0]) => {
        const result = await track(request);
        if (!result.ok) {
          return result;
        }
        const changed = change(result.value);
        if (changed === 'throw') {
          throw new Error(`${apiSecretKey} does not work`);
        }
        return { ok: true as const, value: { ...result.value, ...changed } };
      },
    });
    return { authsignal, secret: 'key-material-of-the-bank' };
  };

const withState = (state: string): Bank => bankWith(() => ({ state }));
const bankWith = (change: Parameters<typeof portWith>[0]): Bank => ({
  options: portWith(change),
  routes: [guarded('post', '/payments', 'createPayment')],
});

const strange: readonly (readonly [string, Bank, number, string, string])[] = [
  ['a failed challenge', withState('CHALLENGE_FAILED'), 403, 'step_up_failed', 'refused'],
  ['a failed review', withState('REVIEW_FAILED'), 403, 'step_up_failed', 'refused'],
  [
    'a success out of nowhere',
    withState('CHALLENGE_SUCCEEDED'),
    503,
    'step_up_unavailable',
    'unexpected_answer',
  ],
  [
    'a review that nobody made',
    withState('REVIEW_SUCCEEDED'),
    503,
    'step_up_unavailable',
    'unexpected_answer',
  ],
  [
    'a state of the future',
    withState('ALLOW_MAYBE'),
    503,
    'step_up_unavailable',
    'unexpected_answer',
  ],
  [
    'a state that every object has',
    withState('constructor'),
    503,
    'step_up_unavailable',
    'unexpected_answer',
  ],
  [
    'the key of another action',
    bankWith(() => ({ idempotencyKey: 'v1-of-somebody-else' })),
    503,
    'step_up_unavailable',
    'unexpected_answer',
  ],
  ['a port that throws', bankWith(() => 'throw'), 503, 'step_up_unavailable', 'authsignal_failed'],
];

const strangeAnswers = strange.map(([name, strangeBank, status, code, event]) =>
  storiesOf(strangeBank)(`track answers with ${name}`, async (customer: Customer) => {
    expectRefusal(await customer.send({ path: '/payments' }), status, code);
    expect(customer.eventTypes).toContain(event);
    expect(customer.runs).toBe(0);
  }),
);

export const refusals: readonly Scenario[] = [...own, ...strangeAnswers];
