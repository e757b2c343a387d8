import { describe, it } from '@jest/globals';
import { foundTown, playScenarios } from '../../support/scenarios.js';
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

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
