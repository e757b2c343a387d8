import { foundTown, playScenarios } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { codeScenarios } from './scenarios/codes.js';
import { TENANT } from './scenarios/desk.js';

const time = stopTime();
const town = foundTown(TENANT);
playScenarios('codes', codeScenarios(time), { town });
