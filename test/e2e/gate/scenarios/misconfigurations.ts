import { expect } from '@jest/globals';
import type { StepUpGateOptions } from 'authsignal-guard';
import { type Bank, guarded } from '../../../support/bank.js';
import { expectApproval, expectRefusal } from '../../../support/customer.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';

const routes = [
  guarded('post', '/payments', 'createPayment', { whenUnavailable: 'allow' }),
  guarded('post', '/observed', 'createPayment', { mode: 'observe' }),
  guarded('post', '/observed/must', 'viewPayments', { mode: 'observe', requireChallenge: true }),
];
// A bank of its own for each, because a gate says each line once.
const bankWith = (options: Partial<StepUpGateOptions>): Bank => ({
  options: () => options,
  routes,
});

const HINT = 'Check that the API secret and the region of apiUrl belong together';
const wrongSecret = storiesOf(bankWith({ apiSecretKey: 'the-secret-of-another-tenant' }));
const redirected = storiesOf(bankWith({}));
const full = new Error('the audit log is full');
const listeners: readonly (readonly [string, NonNullable<StepUpGateOptions['onEvent']>])[] = [
  [
    'throws',
    () => {
      throw full;
    },
  ],
  ['rejects', () => Promise.reject(full)],
];
const watching = storiesOf(bankWith({}));

const deafness = listeners.map(([how, onEvent]) =>
  storiesOf(bankWith({ onEvent }))(
    `\`onEvent\` that ${how} changes no verdict`,
    async (customer) => {
      const proof = await customer.proofFor({ path: '/payments' });
      expectApproval(await customer.send({ path: '/payments', proof }), 'challenge');
      expectRefusal(await customer.send({ path: '/payments', proof }), 409, 'step_up_consumed');
      expect(customer.runs).toBe(1);
      expect(customer.logged).toContain('onEvent failed on "action_tracked"');
    },
  ),
);

export const misconfigurations: readonly Scenario[] = [
  wrongSecret('a wrong secret is told to the log alone, and opens nothing', async (customer) => {
    for (const proof of [undefined, 'a.b.c']) {
      const sending = { path: '/payments', ...(proof === undefined ? {} : { proof }) };
      expectRefusal(await customer.send(sending), 500, 'step_up_misconfigured', {
        detail: 'The server is not set up for this action.',
      });
    }
    expect(customer.logged.split(HINT)).toHaveLength(2);
    expect(customer.runs).toBe(0);
  }),
  redirected('a `validate` that is redirected is told to the log, too', async (customer) => {
    customer.emulator.faults.add({ kind: 'redirect', match: { call: 'validate' } });
    const answer = await customer.send({ path: '/payments', proof: 'a.b.c' });
    expectRefusal(answer, 500, 'step_up_misconfigured');
    expect(customer.logged).toContain('Authsignal answered validateChallenge with 302');
    expect(customer.runs).toBe(0);
  }),
  ...deafness,
  watching(
    '`observe` hands out no challenge, and says what a proof was worth',
    async (customer) => {
      expectApproval(await customer.send({ path: '/observed' }), 'observed');
      expect(customer.eventTypes).not.toContain('challenge_issued');
      expectApproval(await customer.send({ path: '/observed', proof: 'a.b.c' }), 'observed');
      expect(customer.event('would_refuse')).toMatchObject({ reason: 'proof_invalid' });
      expect(customer.runs).toBe(2);
    },
  ),
  watching('`observe` does not raise an ALLOW at Authsignal', async (customer) => {
    const before = customer.calls('updateAction');
    expectApproval(await customer.send({ path: '/observed/must' }), 'observed');
    expect(customer.event('would_refuse')).toMatchObject({ code: 'step_up_required' });
    expect(customer.calls('updateAction')).toBe(before);
  }),
];
