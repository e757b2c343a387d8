import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallName } from 'authsignal-guard/emulator';
import { Application } from '../../support/application.js';
import { type Bank, guarded } from '../../support/bank.js';
import { type Answer, Customer, expectApproval, expectRefusal } from '../../support/customer.js';
import { flowHost } from '../../support/flow-host.js';
import type { Host } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { NumberOwner } from '../../support/number-owner.js';
import { foundTown } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { TENANT } from '../whatsapp/scenarios/desk.js';
import { type Expected, expectedIn, type OutcomeName } from './outcomes.js';
import { OPEN_CIRCUIT } from './store-tables.js';
import { POLICIES } from './town-in-trouble.js';

const time = stopTime();
const town = foundTown({
  ...TENANT,
  actions: { ...TENANT.actions, view: { outcome: 'ALLOW' }, pay: { outcome: 'CHALLENGE' } },
});

const OPEN_FOR_MS = 5_000;
const circuitBreaker = { window: 5, minimumCalls: 5, openForMs: OPEN_FOR_MS };
const app = new Application();

const bank = (): Bank => ({
  options: () => ({ circuitBreaker, clock: { now: () => Date.now() } }),
  routes: [
    ...Object.entries(POLICIES).map(([name, policy]) =>
      guarded('post', `/${name.replaceAll(' ', '-')}`, 'view', policy),
    ),
    guarded('post', '/with-a-proof', 'pay', { whenUnavailable: 'allow' }),
  ],
});

let hosts: Hosts;
beforeAll(() => {
  hosts = new Hosts(town());
});
afterEach(() => {
  town().emulator.faults.clear();
  app.reset();
});
afterAll(() => hosts.close());

/** Something that is asked again and again, each time by somebody for whom all is prepared. */
interface Errand {
  readonly host: Host;
  /** The call is `track` if the proof of this errand is no proof. */
  prepare(): Promise<() => Promise<Answer>>;
  /** What it ends with when everything works. */
  readonly works: OutcomeName;
}

async function bankErrand(column: string, call: CallName): Promise<Errand> {
  const host = await hosts.of(bank(), 'express-5');
  const isProven = column === 'with a proof';
  const path = `/${column.replaceAll(' ', '-')}`;
  return {
    host,
    works: isProven && call === 'track' ? 'new challenge' : worksOf(column),
    prepare: async () => {
      const customer = new Customer(host, town());
      const proof = call === 'track' ? 'a.b.c' : isProven && (await customer.proofFor({ path }));
      return () => customer.send({ path, ...(isProven && proof ? { proof } : {}) });
    },
  };
}

const worksOf = (column: string): OutcomeName =>
  column.includes('requireChallenge') ? 'challenged' : 'runs';

/** The flows with the gate's default of this column. */
async function flowErrand(column: 'deny' | 'allow', call: CallName): Promise<Errand> {
  const building = flowHost({
    flows: app.flows(),
    options: () => ({ circuitBreaker, whenUnavailable: column }),
  });
  const host = await hosts.of(building, 'express-5');
  return {
    host,
    works: call === 'challenge' ? 'sent' : 'runs',
    prepare: async () => {
      const owner = new NumberOwner(new Customer(host, town(), { enrolled: false }), app);
      if (call === 'challenge') {
        return () => owner.start('sign-in', owner.newPhone());
      }
      if (call === 'enrollVerifiedAuthenticator') {
        app.records.set(owner.customer.id, owner.newPhone());
        return () => owner.post('/verified-number', {});
      }
      const { handle, phone } = await owner.begin('sign-in');
      const code = await owner.code(phone);
      return () => owner.verify('sign-in', handle, code);
    },
  };
}

const cases = OPEN_CIRCUIT.rows.flatMap(([call, ...cells]) =>
  OPEN_CIRCUIT.columns.flatMap((column, index) => {
    const expected = expectedIn(cells[index] ?? '');
    return expected === undefined
      ? []
      : [{ title: `${call}: ${column}: ${cells[index]}`, call, column, expected }];
  }),
);

const isOfFlows = (call: CallName): boolean =>
  !['track', 'updateAction', 'validate'].includes(call);

function expectOutcome(answer: Answer, { outcome, name }: Expected): void {
  expect(outcome.status).toContain(answer.status);
  if (outcome.code !== undefined) {
    expectRefusal(answer, answer.status, outcome.code);
  }
  if (name === 'unavailable') {
    expect(answer.headers['retry-after']).toBe('5');
  }
  if (name === 'opens') {
    expectApproval(answer, 'unavailable');
  }
}

describe('an open circuit', () => {
  it.each(cases)('$title', async ({ call, column, expected }) => {
    const { emulator } = town();
    const errand = isOfFlows(call)
      ? await flowErrand(column === 'allow' ? 'allow' : 'deny', call)
      : await bankErrand(column, call);
    const arrivals = async (asks: readonly (() => Promise<Answer>)[]) => {
      const before = emulator.requests.count(call);
      const answers = await Promise.all(asks.map((ask) => ask()));
      return { answers, arrived: emulator.requests.count(call) - before };
    };
    const prepared: (() => Promise<Answer>)[] = [];
    for (let count = 0; count < 30; count += 1) {
      prepared.push(await errand.prepare());
    }
    const next = (count: number) => prepared.splice(0, count);

    const remove = emulator.faults.add({ kind: 'empty', status: 503, match: { call } });
    for (const ask of next(5)) {
      expect((await arrivals([ask])).arrived).toBe(1);
    }
    const open = await arrivals(next(3));
    expect(open.arrived).toBe(expected.arrived);
    for (const answer of open.answers) {
      expectOutcome(answer, expected);
    }

    time.advance(OPEN_FOR_MS);
    const probed = await arrivals(next(5));
    expect(probed.arrived).toBe(1);
    for (const answer of probed.answers) {
      expectOutcome(answer, expected);
    }
    expect((await arrivals(next(2))).arrived).toBe(0);

    remove();
    expect((await arrivals(next(2))).arrived).toBe(0);
    time.advance(OPEN_FOR_MS);
    const recovered = await arrivals(next(1));
    const works = expectedIn(`${errand.works} 1`);
    expect(recovered.arrived).toBe(1);
    const healthy = await arrivals(next(4));
    expect(healthy.arrived).toBe(4);
    for (const answer of [...recovered.answers, ...healthy.answers]) {
      expect(works?.outcome.status).toContain(answer.status);
    }
  });
});

describe('what was told', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
