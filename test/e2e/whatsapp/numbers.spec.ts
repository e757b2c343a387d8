import { describe, it } from '@jest/globals';
import { foundTown, playScenarios } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { bodyScenarios } from './scenarios/bodies.js';
import { TENANT } from './scenarios/desk.js';
import { numberScenarios } from './scenarios/numbers.js';

stopTime();
const town = foundTown(TENANT);

playScenarios('numbers', numberScenarios, { town });
playScenarios('bodies', bodyScenarios, { town });

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
