import { request as httpRequest } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import { type Bank, guarded, type Route, type Visit } from '../../support/bank.js';
import { type Customer, expectApproval, expectRefusal } from '../../support/customer.js';
import { Deferred } from '../../support/deferred.js';
import { EXPRESS, NEST } from '../../support/host.js';
import { foundTown, playScenarios, type Scenario, storiesOf } from '../../support/scenarios.js';
import { ACTIONS } from './scenarios/payment.js';

const town = foundTown({ actions: ACTIONS });

/** What the handler does for a customer, call by call; then it answers. */
const scripts = new Map<string, (() => unknown)[]>();

function perform({ approval }: Visit): unknown {
  const next = scripts.get(approval?.subject ?? '')?.shift();
  return next === undefined ? { done: true, approval } : next();
}

const routes: readonly Route[] = [
  guarded('post', '/pay', 'createPayment', {}, { handle: perform }),
  guarded(
    'post',
    '/returning',
    'createPayment',
    { returnProofOnFailure: true },
    { handle: perform },
  ),
];
const bank: Bank = { routes };
const generous: Bank = { options: () => ({ returnProofOnFailure: true }), routes };

let patience = new Deferred();
const hasty: Bank = { routes, giveUp: () => patience.promise };

const story = storiesOf(bank);
const hastyStory = storiesOf(hasty);

const failing = (status: number) => () => {
  // Read by Nest's filter as an HttpException, by Express as an error with a `statusCode`.
  throw Object.assign(new HttpException('not today', status), { statusCode: status });
};

/** Ways to fail that are the handler's own. */
const failures: readonly (readonly [string, () => unknown])[] = [
  [
    'throws',
    () => {
      throw new Error('out of paper');
    },
  ],
  ['rejects', () => Promise.reject(new Error('out of ink'))],
  ['answers 502', failing(502)],
];

async function statuses(customer: Customer, path: string, proof: string): Promise<number[]> {
  const sent = Array.from({ length: 100 }, () => customer.sendQuietly({ path, proof }));
  return (await Promise.all(sent)).map(({ status }) => status);
}

const count = (all: readonly number[], wanted: number): number =>
  all.filter((status) => status === wanted).length;

const parallel = ['/pay', '/returning'].map((path) =>
  story(`100 parallel retries at ${path}: one runs, 99 are told so`, async (customer) => {
    const proof = await customer.proofFor({ path });
    const all = await statuses(customer, path, proof);
    expect(count(all, 201)).toBe(1);
    expect(count(all, 409)).toBe(99);
    expect(customer.runs).toBe(1);
    expect(customer.eventTypes.filter((type) => type === 'proof_replayed')).toHaveLength(99);
  }),
);

const tokens: readonly Scenario[] = [
  story('two tokens of one challenge count as one proof', async (customer) => {
    const token = await customer.challenge({ path: '/pay' });
    const proof = await customer.prove(token);
    expect(proof).not.toBe(token);
    const [first, second] = [{ proof }, { proof: token }];
    const all = await Promise.all(
      [first, second, first, second].map((sent) => customer.sendQuietly({ path: '/pay', ...sent })),
    );
    expect(
      count(
        all.map(({ status }) => status),
        201,
      ),
    ).toBe(1);
    expectRefusal(await customer.send({ path: '/pay', proof: token }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
  story('the second of two challenges of one request is a proof of its own', async (customer) => {
    const [one, two] = [
      await customer.proofFor({ path: '/pay' }),
      await customer.proofFor({ path: '/pay' }),
    ];
    expectApproval(await customer.send({ path: '/pay', proof: one }), 'challenge');
    expectApproval(await customer.send({ path: '/pay', proof: two }), 'challenge');
    expectRefusal(await customer.send({ path: '/pay', proof: one }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(2);
  }),
];

const kept = failures.map(([name, fail]) =>
  story(`a handler that ${name} has used its proof up`, async (customer) => {
    scripts.set(customer.id, [fail]);
    const proof = await customer.proofFor({ path: '/pay' });
    expect((await customer.sendQuietly({ path: '/pay', proof })).status).toBeGreaterThanOrEqual(
      500,
    );
    expectRefusal(await customer.send({ path: '/pay', proof }), 409, 'step_up_consumed');
    expect(customer.eventTypes).not.toContain('proof_returned');
    expect(customer.runs).toBe(1);
  }),
);

const returned = failures.flatMap(([name, fail]) =>
  (
    [
      [bank, '/returning', 'its policy'],
      [generous, '/pay', 'the gate'],
    ] as const
  ).map(([where, path, whose]) =>
    storiesOf(where)(
      `a handler that ${name} gives its proof back, if ${whose} says so`,
      async (customer) => {
        scripts.set(customer.id, [fail]);
        const proof = await customer.proofFor({ path });
        const failed = await customer.sendQuietly({ path, proof });
        expect(failed.status).toBeGreaterThanOrEqual(500);
        expect(customer.event('proof_returned')).toMatchObject({
          proofId: customer.event('proof_burned')?.proofId,
        });
        const all = await statuses(customer, path, proof);
        expect(count(all, 201)).toBe(1);
        expect(count(all, 409)).toBe(99);
        expect(customer.runs).toBe(2);
      },
    ),
  ),
);

const meant = ['/pay', '/returning'].map((path) =>
  story(`an answer of 422 at ${path} is an answer, and uses the proof up`, async (customer) => {
    scripts.set(customer.id, [failing(422)]);
    const proof = await customer.proofFor({ path });
    expect((await customer.sendQuietly({ path, proof })).status).toBe(422);
    expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
);

/** A handler that says when it has started and goes on when it is told to. */
function controlled(customer: Customer): { started: Deferred; finish: Deferred<object> } {
  const [started, finish] = [new Deferred(), new Deferred<object>()];
  const run = () => {
    started.resolve();
    return finish.promise;
  };
  scripts.set(customer.id, [run]);
  return { started, finish };
}

const hanging = ['/pay', '/returning'].map((path) =>
  story(`while the handler of ${path} hangs, its proof is used`, async (customer) => {
    const { started, finish } = controlled(customer);
    const proof = await customer.proofFor({ path });
    const first = customer.sendQuietly({ path, proof });
    await started.promise;
    expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
    finish.resolve({ late: true });
    expect(await first).toMatchObject({ status: 201, json: { late: true } });
    expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
);

/** The host gives up on a handler that runs on, which then ends this way. */
async function outlive(
  customer: Customer,
  path: string,
  end: (finish: Deferred<object>) => void,
): Promise<string> {
  patience = new Deferred();
  const { started, finish } = controlled(customer);
  const proof = await customer.proofFor({ path });
  const first = customer.sendQuietly({ path, proof });
  await started.promise;
  patience.resolve();
  expect((await first).status).toBe(503);
  patience = new Deferred();
  // While it still runs, and once it has ended.
  expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
  expect(customer.eventTypes).not.toContain('proof_returned');
  end(finish);
  await setImmediate();
  return proof;
}

const timeouts = ['/pay', '/returning'].map((path) =>
  hastyStory(`a timeout above the gate gives no proof of ${path} back`, async (customer) => {
    const proof = await outlive(customer, path, (finish) => finish.resolve({ late: true }));
    expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
    expect(customer.eventTypes).not.toContain('proof_returned');
    expect(customer.runs).toBe(1);
  }),
);

const lateFailure = 'a handler that fails after a timeout above the gate';
const nestTimeouts: readonly Scenario[] = [
  hastyStory(
    `${lateFailure} settled by itself, so its proof is given back then`,
    async (customer) => {
      const given = customer.town.ledger.next('proof_returned');
      const proof = await outlive(customer, '/returning', (finish) =>
        finish.reject(new Error('too late')),
      );
      await given;
      expectApproval(await customer.send({ path: '/returning', proof }), 'challenge');
      expectRefusal(await customer.send({ path: '/returning', proof }), 409, 'step_up_consumed');
      expect(customer.runs).toBe(2);
    },
  ),
];
const expressTimeouts: readonly Scenario[] = [
  hastyStory(`${lateFailure} could not answer, so its proof stays used`, async (customer) => {
    const proof = await outlive(customer, '/returning', (finish) =>
      finish.reject(new Error('too late')),
    );
    expectRefusal(await customer.send({ path: '/returning', proof }), 409, 'step_up_consumed');
    expect(customer.eventTypes).not.toContain('proof_returned');
    expect(customer.runs).toBe(1);
  }),
];

/** A client that is gone as soon as its request has reached the handler. */
async function hangUp(
  customer: Customer,
  path: string,
  end: (finish: Deferred<object>) => void,
): Promise<string> {
  const { started, finish } = controlled(customer);
  const proof = await customer.proofFor({ path });
  const headers = { 'x-user': encodeURIComponent(customer.id), 'step-up-proof': proof };
  const call = httpRequest(`${customer.host.url}${path}`, { method: 'POST', headers });
  const closed = new Promise((resolve) => call.once('close', resolve));
  call.on('error', () => undefined);
  call.end();
  await started.promise;
  call.destroy();
  await closed;
  expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
  end(finish);
  await setImmediate();
  return proof;
}

const gone = ['/pay', '/returning'].map((path) =>
  story(`a client of ${path} that hangs up gets no proof back`, async (customer) => {
    const proof = await hangUp(customer, path, (finish) => finish.resolve({ late: true }));
    expectRefusal(await customer.send({ path, proof }), 409, 'step_up_consumed');
    expect(customer.eventTypes).not.toContain('proof_returned');
    expect(customer.runs).toBe(1);
  }),
);

const fails = (finish: Deferred<object>): void => finish.reject(new Error('nobody there'));
const nestGone: readonly Scenario[] = [
  story('a handler that fails for a client that is gone settled by itself', async (customer) => {
    const given = customer.town.ledger.next('proof_returned');
    const proof = await hangUp(customer, '/returning', fails);
    await given;
    expectApproval(await customer.send({ path: '/returning', proof }), 'challenge');
    expectRefusal(await customer.send({ path: '/returning', proof }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(2);
  }),
];
const expressGone: readonly Scenario[] = [
  story('a handler that fails for a client that is gone could not answer', async (customer) => {
    const proof = await hangUp(customer, '/returning', fails);
    expectRefusal(await customer.send({ path: '/returning', proof }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
];

playScenarios('one proof', [...parallel, ...tokens], { town });
playScenarios('failing handlers', [...kept, ...returned, ...meant], { town });
playScenarios('handlers that run on', [...hanging, ...timeouts, ...gone], { town });
playScenarios('in Nest', [...nestTimeouts, ...nestGone], { town, platforms: NEST });
playScenarios('in Express', [...expressTimeouts, ...expressGone], { town, platforms: EXPRESS });

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
