import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Application, NO_SEND_LIMITS } from '../../support/application.js';
import { type Bank, guarded } from '../../support/bank.js';
import { type Answer, Customer, expectApproval, expectRefusal } from '../../support/customer.js';
import { flowHost } from '../../support/flow-host.js';
import { Hosts } from '../../support/hosts.js';
import { type CodeFlow, NumberOwner } from '../../support/number-owner.js';
import { foundTown } from '../../support/scenarios.js';
import { TENANT } from '../whatsapp/scenarios/desk.js';
import { FlakyStore } from '../whatsapp/scenarios/flaky-store.js';
import { FailingStore } from './failing-store.js';
import { type Cell, type Expected, expectedIn } from './outcomes.js';
import { LIMIT_STORE, REPLAY_STORE, RESTORE } from './store-tables.js';
import { POLICIES } from './town-in-trouble.js';

/** Of every call, the stores' among them: long enough for a busy machine, short enough to wait for. */
const DEADLINE_MS = 500;
const town = foundTown({
  ...TENANT,
  actions: { ...TENANT.actions, pay: { outcome: 'CHALLENGE' } },
});
const app = new Application();
const replayStore = new FailingStore();
const limitStore = new FlakyStore();

const options: NonNullable<Bank['options']> = () => ({ timeoutMs: DEADLINE_MS, replayStore });

let isBroken = false;
const policies = Object.entries(POLICIES).map(([name, policy]) =>
  guarded('post', `/${name.replaceAll(' ', '-')}`, 'pay', policy),
);
const returning = guarded(
  'post',
  '/returning',
  'pay',
  { returnProofOnFailure: true },
  {
    handle: ({ approval }) => {
      if (isBroken) {
        throw new Error('The ledger is closed.');
      }
      return { done: true, approval };
    },
  },
);
const bank: Bank = { options, routes: [...policies, returning] };
const flows = flowHost({
  // Counting is slow work for a deadline of this length, so this one is twice as long.
  flows: app.flows({
    limits: {
      ...NO_SEND_LIMITS,
      user: [{ max: 100, windowMs: 60_000 }],
      number: [{ max: 100, windowMs: 60_000 }],
    },
    limitStore,
  }),
  options: (emulator) => ({ ...options(emulator), timeoutMs: 2 * DEADLINE_MS }),
});

let hosts: Hosts;
beforeAll(() => {
  hosts = new Hosts(town());
});
beforeEach(() => {
  replayStore.reset();
  limitStore.mode = 'works';
  isBroken = false;
  app.reset();
});
afterAll(() => hosts.close());

async function customerAt(place: Parameters<Hosts['of']>[0], enrolled = true) {
  return new Customer(await hosts.of(place, 'express-5'), town(), { enrolled });
}

function expectOutcome(answer: Answer, { outcome, name }: Expected): void {
  expect(outcome.status).toContain(answer.status);
  if (outcome.code !== undefined) {
    expectRefusal(answer, answer.status, outcome.code);
  }
  expect(answer.headers['retry-after']).toBe(name === 'unavailable' ? '5' : undefined);
}

/** Each filled cell of a table as a case of its own. */
function casesOf<Fault extends string, Column extends string>(table: {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly [Fault, ...Cell[]])[];
}) {
  return table.rows.flatMap(([fault, ...cells]) =>
    table.columns.flatMap((column, index) => {
      const cell = cells[index] ?? '';
      const expected = expectedIn(cell);
      return expected === undefined
        ? []
        : [{ title: `${fault}: ${column}: ${cell}`, fault, column, expected }];
    }),
  );
}

describe('the replay store', () => {
  it.each(casesOf(REPLAY_STORE))('$title', async ({ fault, column, expected }) => {
    const customer = await customerAt(bank);
    const [policy = '', more] = column.split(', ');
    const path = `/${policy.replaceAll(' ', '-')}`;
    const proof = more === undefined ? { proof: await customer.proofFor({ path }) } : {};
    replayStore.burning = fault;
    const answer = await customer.send({ path, ...proof });
    expectOutcome(answer, expected);
    expect(replayStore.burns).toBe(expected.arrived);
    expect(customer.runs).toBe(0);
    const failed = customer.event('replay_store_failed');
    expect(failed?.step).toBe(expected.arrived === 1 ? 'burn' : undefined);
    replayStore.burning = 'works';
    if (expected.arrived === 1) {
      expectApproval(await customer.send({ path, ...proof }), 'challenge');
    }
  });

  it.each(casesOf(RESTORE))('giving back $title', async ({ fault, expected }) => {
    const customer = await customerAt(bank);
    const sending = { path: '/returning' };
    const proof = await customer.proofFor(sending);
    replayStore.restoring = fault;
    isBroken = true;
    const told = town().ledger.next(fault === 'works' ? 'proof_returned' : 'replay_store_failed');
    expect((await customer.send({ ...sending, proof })).status).toBe(500);
    await told;
    isBroken = false;
    const again = await customer.send({ ...sending, proof });
    expectOutcome(again, expected);
    expect(replayStore.restores).toBe(expected.arrived);
    expect(customer.runs).toBe(expected.outcome.ran ? 2 : 1);
  });
});

describe('the replay store in the flows', () => {
  it.each(['throws', 'answers after the deadline', 'answers 1', 'is full'] as const)(
    '%s: a right code changes nothing and signs nobody in',
    async (fault) => {
      for (const flow of ['sign-in', 'enrollment'] as const) {
        const owner = new NumberOwner(await customerAt(flows, false), app);
        const { handle, phone } = await owner.begin(flow);
        const code = await owner.code(phone);
        const verified = owner.customer.calls('verify');
        replayStore.burning = fault;
        const answer = await owner.verify(flow, handle, code);
        expectRefusal(answer, 503, 'step_up_unavailable');
        // A number is changed under its user's lock alone, which is asked for first.
        const asked = flow === 'sign-in' ? 1 : 0;
        expect(owner.customer.calls('verify') - verified).toBe(asked);
        replayStore.burning = 'works';
      }
      expect([app.sessions, app.changes]).toEqual([[], []]);
    },
  );
});

describe('the store of the limits', () => {
  it.each(casesOf(LIMIT_STORE))('$title', async ({ fault, column, expected }) => {
    const flow: CodeFlow =
      column === 'enrollment' || column === 'sign-in' ? column : 'phone-number';
    const isChange = column === 'phone number';
    const owner = new NumberOwner(await customerAt(flows, isChange), app);
    const begun = isChange
      ? undefined
      : await owner.begin(flow === 'phone-number' ? 'sign-in' : flow);
    const phone = begun?.phone ?? owner.newPhone();
    const code = begun === undefined ? '' : await owner.code(phone);
    const proof = isChange ? await owner.stepUp(await owner.start(flow, phone)) : {};
    const call = column === 'the right code' ? 'verify' : 'challenge';
    const arrived = owner.customer.calls(call);
    const sent = owner.messages(phone);
    limitStore.mode = fault;
    const answer =
      column === 'resend'
        ? await owner.resend(begun?.handle ?? '')
        : column === 'the right code'
          ? await owner.verify('sign-in', begun?.handle ?? '', code)
          : await owner.start(flow, phone, proof);
    expectOutcome(answer, expected);
    expect(owner.customer.calls(call) - arrived).toBe(expected.arrived);
    expect(owner.messages(phone) - sent).toBe(expected.messages);
    expect(owner.customer.eventTypes).toContain('limit_store_failed');
    expect([app.sessions, app.changes]).toEqual([[], []]);
    limitStore.mode = 'works';
    if (isChange) {
      expect((await owner.start(flow, phone, proof)).status).toBe(200);
    }
  });
});

describe('what was told', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
