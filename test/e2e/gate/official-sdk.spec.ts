import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStepUpGate } from 'authsignal-guard';
import { requireAction } from 'authsignal-guard/express';
import axios, { type AxiosInstance } from 'axios';
import { type Bank, guarded } from '../../support/bank.js';
import { Customer, expectApproval, expectRefusal } from '../../support/customer.js';
import { PLATFORMS } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { foundTown } from '../../support/scenarios.js';
import { ACTIONS } from './scenarios/payment.js';

const town = foundTown({ actions: ACTIONS });
const routes = [guarded('post', '/payments', 'createPayment')];
const pay = { path: '/payments', body: { amount: 1 } };

/** A CommonJS host has another copy of it than one in ESM; the official SDK has that, too. */
const required: unknown = createRequire(import.meta.url)('axios');
const copies: readonly AxiosInstance[] = [axios, required as AxiosInstance];
const fingerprints = (): readonly object[] => copies.map(fingerprint);

/** Everything of an axios instance that another package could change under its host. */
function fingerprint({ interceptors, defaults }: AxiosInstance): object {
  const { request, response } = interceptors;
  const handlers = (manager: object): unknown[] => [...(Reflect.get(manager, 'handlers') ?? [])];
  const { adapter, headers, timeout, validateStatus } = defaults;
  return {
    request: handlers(request),
    response: handlers(response),
    adapter: [adapter].flat(),
    headers: structuredClone({ ...headers.common }),
    timeout,
    validateStatus,
    transformers: [defaults.transformRequest, defaults.transformResponse].flat(),
  };
}

async function story(customer: Customer): Promise<void> {
  const proof = await customer.proofFor(pay);
  expectApproval(await customer.send({ ...pay, proof }), 'challenge');
  expectRefusal(await customer.send({ ...pay, proof }), 409, 'step_up_consumed');
  customer.emulator.faults.add({ kind: 'status', match: { call: 'track' }, times: 1 });
  expectRefusal(await customer.send(pay), 503, 'step_up_unavailable');
  expect(customer.runs).toBe(1);
}

let hosts: Hosts;
beforeAll(() => {
  hosts = new Hosts(town());
});
afterAll(() => hosts.close());

// First, because merely constructing the official SDK changes the global axios for good.
describe('a gate with `apiSecretKey`', () => {
  it("leaves the host's global axios alone", async () => {
    const before = fingerprints();
    const bank: Bank = { routes };
    for (const platform of PLATFORMS) {
      await story(new Customer(await hosts.of(bank, platform), town()));
    }
    expect(fingerprints()).toEqual(before);
  });

  it('does not resend what the host itself posts', async () => {
    let arrived = 0;
    const server = createServer((req) => {
      arrived += 1;
      req.socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { apiUrl, secret: apiSecretKey } = town().emulator;
    const gate = createStepUpGate({ apiSecretKey, apiUrl, subject: () => 'ann' });
    requireAction(gate, 'createPayment');
    await expect(axios.post(`http://127.0.0.1:${port}/orders`, {})).rejects.toThrow();
    expect(arrived).toBe(1);
    await gate.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a gate with an instance of the official SDK', () => {
  it('works on every platform, and adds nothing to what the SDK did', async () => {
    const { Authsignal } = await import('@authsignal/node');
    const { apiUrl, secret: apiSecretKey } = town().emulator;
    const untouched = fingerprints();
    const authsignal = new Authsignal({ apiSecretKey, apiUrl });
    const before = fingerprints();
    // So that the comparison is known to see a change.
    expect(before).not.toEqual(untouched);
    const bank: Bank = { options: () => ({ authsignal }), routes };
    for (const platform of PLATFORMS) {
      await story(new Customer(await hosts.of(bank, platform), town()));
    }
    expect(fingerprints()).toEqual(before);
    expect(authsignal).toMatchObject({ apiSecretKey, apiUrl });
  });

  it('makes its calls by its own client', async () => {
    const agents = town()
      .emulator.requests.all('track')
      .map(({ headers }) => headers['user-agent']);
    expect(agents.length).toBeGreaterThan(0);
    expect(agents.filter((agent) => agent?.includes('axios'))).toEqual([]);
  });

  it('lets the application call the SDK beside it', async () => {
    const { Authsignal } = await import('@authsignal/node');
    const { apiUrl, secret: apiSecretKey } = town().emulator;
    const authsignal = new Authsignal({ apiSecretKey, apiUrl });
    const customer = new Customer(
      await hosts.of({ options: () => ({ authsignal }), routes }, 'express-5'),
      town(),
    );
    const token = await customer.challenge(pay);
    const request = { userId: customer.id, action: 'createPayment', token };
    expect(await authsignal.validateChallenge(request)).toMatchObject({ isValid: false });
    const proof = await customer.prove(token);
    expect(await authsignal.validateChallenge({ ...request, token: proof })).toMatchObject({
      isValid: true,
      state: 'CHALLENGE_SUCCEEDED',
    });
    expectApproval(await customer.send({ ...pay, proof }), 'challenge');
  });
});

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
