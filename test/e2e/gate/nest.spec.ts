import { describe, it } from '@jest/globals';
import { NEST } from '../../support/host.js';
import { foundTown, playScenarios } from '../../support/scenarios.js';
import { decorated } from './nest/decorated.js';
import { neighbours } from './nest/neighbours.js';
import { orders } from './nest/orders.js';
import { ACTIONS } from './scenarios/payment.js';

const town = foundTown({ actions: ACTIONS });
const on = { platforms: NEST, town };

playScenarios('decorators', decorated, on);
playScenarios('guards', orders, on);
playScenarios('pipes and filters of the host', neighbours, on);

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
