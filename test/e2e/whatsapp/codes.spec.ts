import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer, expectRefusal } from '../../support/customer.js';
import { PLATFORMS } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import { NumberOwner } from '../../support/number-owner.js';
import { foundTown, playScenarios } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { codeScenarios } from './scenarios/codes.js';
import { TENANT, UNENROLLED } from './scenarios/desk.js';
import { handleScenarios, keyings } from './scenarios/handles.js';
import { resendScenarios } from './scenarios/resends.js';

const time = stopTime();
const town = foundTown(TENANT);

playScenarios('codes', codeScenarios(time), { town });
playScenarios('handles', handleScenarios, { town });
playScenarios('resends', resendScenarios(time), { town });

describe('a handle under', () => {
  let hosts: Hosts;
  beforeAll(() => {
    hosts = new Hosts(town());
  });
  afterAll(() => hosts.close());

  it.each(keyings)('%s', async (_name, issuing, using, counts) => {
    for (const [index, platform] of PLATFORMS.entries()) {
      // Begun on one platform and finished on another: handles are the same everywhere.
      const elsewhere = PLATFORMS[(index + 1) % PLATFORMS.length] ?? platform;
      const customerOf = async ({ bank }: typeof issuing) =>
        new Customer(
          await hosts.of(bank, bank === issuing.bank ? elsewhere : platform),
          town(),
          UNENROLLED,
        );
      const begun = await new NumberOwner(await customerOf(issuing), issuing.app).begin('sign-in');
      const answer = await new NumberOwner(await customerOf(using), using.app).finish(begun);
      if (counts) {
        expect(answer).toMatchObject({ status: 200, json: { welcome: expect.any(String) } });
      } else {
        expectRefusal(answer, 400, 'handle_invalid');
      }
    }
  });
});

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
