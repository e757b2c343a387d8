import { describe, it } from '@jest/globals';
import { foundTown, playScenarios } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { TENANT } from './scenarios/desk.js';
import { factorScenarios } from './scenarios/factors.js';
import { signInScenarios } from './scenarios/sign-in.js';
import { verifiedNumberScenarios } from './scenarios/verified-number.js';

const time = stopTime();
const town = foundTown(TENANT);

playScenarios('numbers as factors', factorScenarios, { town });
playScenarios('verified numbers', verifiedNumberScenarios, { town });
playScenarios('signing in', signInScenarios(time), { town });

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
