import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer, expectApproval, expectRefusal } from '../../support/customer.js';
import { PLATFORMS } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { foundTown, playScenarios } from '../../support/scenarios.js';
import { keyings, messages } from './scenarios/messages.js';
import { misconfigurations } from './scenarios/misconfigurations.js';
import { unavailabilities } from './scenarios/outages.js';
import { ACTIONS } from './scenarios/payment.js';
import { policies } from './scenarios/policies.js';
import { proofs } from './scenarios/proofs.js';
import { refusals } from './scenarios/refusals.js';

const town = foundTown({ actions: ACTIONS });

playScenarios('refusals', refusals, { town });
playScenarios('proofs', proofs, { town });
playScenarios('policies', policies, { town });
playScenarios('outages', unavailabilities, { town });
playScenarios('messages', messages, { town });
playScenarios('misconfigurations', misconfigurations, { town });

describe('key material', () => {
  let hosts: Hosts;
  beforeAll(() => {
    hosts = new Hosts(town());
  });
  afterAll(() => hosts.close());

  it.each(keyings)('%s', async (_name, bankOfIssue, bankOfUse, counts) => {
    for (const [index, platform] of PLATFORMS.entries()) {
      // Issued on one platform and used on another: the binding is the same in all of Nest, which
      // names the handler, and in all of Express, which cannot.
      const elsewhere = PLATFORMS[index % 2 === 0 ? index + 1 : index - 1] ?? platform;
      const issuer = new Customer(await hosts.of(bankOfIssue, elsewhere), town());
      const same = { id: issuer.id, enrolled: false };
      const user = new Customer(await hosts.of(bankOfUse, platform), town(), same);
      const note = { path: '/notes', body: { text: 'hello' } };
      const proof = await issuer.proofFor(note);
      const answer = await user.send({ ...note, proof });
      if (counts) {
        expectApproval(answer, 'challenge');
      } else {
        expectRefusal(answer, 403, 'step_up_required', { reason: 'binding_mismatch' });
      }
      expect(user.runs).toBe(counts ? 1 : 0);
    }
  });
});

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
