import { expect } from '@jest/globals';
import { MemoryReplayStore, type ReplayStore } from 'authsignal-guard';
import type { Fault } from 'authsignal-guard/emulator';
import { type Bank, guarded, type Route } from '../../../support/bank.js';
import { type Customer, expectApproval, expectRefusal } from '../../../support/customer.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';

const routes: readonly Route[] = [
  guarded('post', '/closed', 'createPayment'),
  guarded('post', '/opening', 'createPayment', { whenUnavailable: 'allow' }),
  guarded('post', '/opening/must', 'createPayment', {
    whenUnavailable: 'allow',
    requireChallenge: true,
  }),
  guarded('post', '/observed', 'createPayment', { mode: 'observe' }),
];

/** What an open circuit does has stories of its own; here each request finds out for itself. */
const circuitBreaker = false;
/** Deadlines of the library's own are real time, so this bank has a short one. */
const impatient: Bank = { options: () => ({ timeoutMs: 250, circuitBreaker }), routes };
const bank: Bank = { options: () => ({ circuitBreaker }), routes };

const outages: readonly (readonly [string, Fault, Bank])[] = [
  ['answers 500', { kind: 'status', status: 500 }, bank],
  ['answers 503 with a page', { kind: 'html', status: 503 }, bank],
  ['resets the connection', { kind: 'reset-before' }, bank],
  ['resets the connection after it has tracked', { kind: 'reset-after' }, bank],
  ['breaks off its answer', { kind: 'truncated' }, bank],
  ['hangs', { kind: 'hang' }, impatient],
  ['hangs in the middle of its answer', { kind: 'slow-body' }, impatient],
];

const whileOut = outages.flatMap(([name, fault, where]) => {
  const story = storiesOf(where);
  const breakTrack = ({ emulator }: Customer) =>
    emulator.faults.add({ ...fault, match: { call: 'track' } });
  return [
    story(`Authsignal ${name}: closed by default`, async (customer) => {
      breakTrack(customer);
      const answer = await customer.send({ path: '/closed' });
      expectRefusal(answer, 503, 'step_up_unavailable');
      expect(answer.headers['retry-after']).toBe('5');
      expect(customer.event('authsignal_failed')).toMatchObject({ failure: { call: 'track' } });
      expect(customer.runs).toBe(0);
    }),
    story(
      `Authsignal ${name}: opens where the policy says so, and reports it`,
      async (customer) => {
        breakTrack(customer);
        expectApproval(await customer.send({ path: '/opening' }), 'unavailable');
        expect(customer.eventTypes).toEqual(['authsignal_failed', 'opened', 'approved']);
        const must = await customer.send({ path: '/opening/must' });
        expectRefusal(must, 503, 'step_up_unavailable');
        expect(customer.runs).toBe(1);
      },
    ),
  ];
});

const answered: readonly (readonly [string, Fault, number, string])[] = [
  ['400', { kind: 'status', status: 400 }, 500, 'step_up_misconfigured'],
  ['401, a bad secret,', { kind: 'status', status: 401 }, 500, 'step_up_misconfigured'],
  ['403', { kind: 'status', status: 403 }, 500, 'step_up_misconfigured'],
  ['404', { kind: 'status', status: 404 }, 500, 'step_up_misconfigured'],
  ['a redirect', { kind: 'redirect' }, 500, 'step_up_misconfigured'],
  ['429', { kind: 'status', status: 429 }, 503, 'step_up_unavailable'],
  ['nothing', { kind: 'empty' }, 503, 'step_up_unavailable'],
  ['half a JSON', { kind: 'malformed-json' }, 503, 'step_up_unavailable'],
  ['fields missing', { kind: 'missing-fields', fields: ['state'] }, 503, 'step_up_unavailable'],
  ['fields of another type', { kind: 'wrong-types' }, 503, 'step_up_unavailable'],
];

const onAnswers = answered.map(([name, fault, status, code]) =>
  storiesOf(bank)(`Authsignal answers ${name}: no outage, so nothing opens`, async (customer) => {
    customer.emulator.faults.add({ ...fault, match: { call: 'track' } });
    expectRefusal(await customer.send({ path: '/closed' }), status, code);
    expectRefusal(await customer.send({ path: '/opening' }), status, code);
    expect(customer.eventTypes).not.toContain('opened');
    expect(customer.runs).toBe(0);
  }),
);

const story = storiesOf(bank);

const more: readonly Scenario[] = [
  story("Authsignal's own Retry-After is passed on", async (customer) => {
    customer.emulator.faults.add({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
      match: { call: 'track' },
    });
    const answer = await customer.send({ path: '/closed' });
    expectRefusal(answer, 503, 'step_up_unavailable');
    expect(answer.headers['retry-after']).toBe('7');
  }),
  story('a proof that could not be checked is not used up', async (customer) => {
    const proof = await customer.proofFor({ path: '/opening' });
    for (const fault of [{ kind: 'status' }, { kind: 'reset-before' }] as const) {
      customer.emulator.faults.add({ ...fault, match: { call: 'validate' } });
      const answer = await customer.send({ path: '/opening', proof });
      expectRefusal(answer, 503, 'step_up_unavailable');
      customer.emulator.faults.clear();
    }
    expect(customer.runs).toBe(0);
    expectApproval(await customer.send({ path: '/opening', proof }), 'challenge');
  }),
  story('a request with a proof never opens, even if only `track` is out', async (customer) => {
    customer.emulator.faults.add({ kind: 'status', match: { call: 'track' } });
    for (const proof of ['garbage', 'not a token']) {
      const answer = await customer.send({ path: '/opening', proof });
      expectRefusal(answer, 503, 'step_up_unavailable');
    }
    expect(customer.eventTypes).not.toContain('opened');
    expect(customer.runs).toBe(0);
  }),
  story('a validate that is no JSON, or lacks what counts, is no proof', async (customer) => {
    const proof = await customer.proofFor({ path: '/opening' });
    const faults: readonly (readonly [Fault, number, string])[] = [
      [{ kind: 'malformed-json' }, 503, 'step_up_unavailable'],
      [{ kind: 'missing-fields', fields: ['state'] }, 403, 'step_up_required'],
      [{ kind: 'missing-fields', fields: ['isValid'] }, 403, 'step_up_required'],
      [{ kind: 'missing-fields', fields: ['idempotencyKey'] }, 403, 'step_up_required'],
      [{ kind: 'missing-fields', fields: ['userId'] }, 403, 'step_up_required'],
      [{ kind: 'wrong-types', fields: ['isValid'] }, 403, 'step_up_required'],
      [{ kind: 'redirect' }, 500, 'step_up_misconfigured'],
    ];
    for (const [fault, status, code] of faults) {
      customer.emulator.faults.add({ ...fault, match: { call: 'validate' }, times: 1 });
      expectRefusal(await customer.send({ path: '/opening', proof }), status, code);
    }
    expect(customer.runs).toBe(0);
    expectApproval(await customer.send({ path: '/opening', proof }), 'challenge');
  }),
  story(
    '`observe` lets through while Authsignal is out, and says what it would have done',
    async (customer) => {
      customer.emulator.faults.add({ kind: 'status', match: { call: 'track' } });
      expectApproval(await customer.send({ path: '/observed' }), 'observed');
      expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_unavailable' });
    },
  ),
];

/** As some drivers have one: no native promise, and never settled. */
function driversOwnPromise(): Promise<boolean> {
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
  return Object.assign(JSON.parse('{}'), { then: () => undefined });
}

const noRestore = { restore: () => undefined };
const stores: readonly (readonly [string, () => ReplayStore])[] = [
  [
    'throws',
    () => ({
      ...noRestore,
      burn: () => {
        throw new Error('redis://user:password@10.0.0.1 refused +64211234567');
      },
    }),
  ],
  ['rejects', () => ({ ...noRestore, burn: () => Promise.reject(new Error('no quorum')) })],
  ['hangs', () => ({ ...noRestore, burn: () => new Promise<boolean>(() => undefined) })],
  ['hangs with a promise of its own make', () => ({ ...noRestore, burn: driversOwnPromise })],
  ['answers "OK"', () => ({ ...noRestore, burn: () => JSON.parse('"OK"') })],
  ['answers 1', () => ({ ...noRestore, burn: async () => JSON.parse('1') })],
  ['answers nothing', () => ({ ...noRestore, burn: () => JSON.parse('null') })],
  [
    'is full',
    () => {
      const store = new MemoryReplayStore({ maxKeys: 1 });
      store.burn('somebody else', 'owner', 86_400_000);
      return store;
    },
  ],
];

const onStores = stores.map(([name, make]) => {
  const storeBank: Bank = {
    options: () => ({
      timeoutMs: 500,
      replayStore: make(),
    }),
    routes,
  };
  return storiesOf(storeBank)(`the replay store ${name}`, async (customer) => {
    const proof = await customer.proofFor({ path: '/opening' });
    const answer = await customer.send({ path: '/opening', proof });
    expectRefusal(answer, 503, 'step_up_unavailable');
    expect(answer.headers['retry-after']).toBe('5');
    expect(customer.event('replay_store_failed')).toMatchObject({ step: 'burn' });
    expect(customer.event('refused')).toMatchObject({ code: 'step_up_unavailable' });
    expect(customer.runs).toBe(0);
  });
});

export const unavailabilities: readonly Scenario[] = [
  ...whileOut,
  ...onAnswers,
  ...more,
  ...onStores,
];
