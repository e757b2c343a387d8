import type { GateHealth } from './gate-health.js';

/** How the last step of the replay store ended. */
export class StoreHealth {
  state: GateHealth['replayStore'] = 'unknown';
}
