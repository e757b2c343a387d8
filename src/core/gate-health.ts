import type { AuthsignalPort } from './authsignal-port.js';
import type { AuthsignalCall, DisturbedCircuits } from './circuit.js';

/**
 * What the gate knows of its surroundings without asking them.
 *
 * `up`: nothing is known to fail. `down`: nothing guarded can be approved right now, since actions are not tracked, proofs
 * not validated or not used up. `degraded`: something else fails, or the next request will find out whether it still does.
 * Without requests `down` does not last: what failed is forgotten after seconds, since only a request can find out.
 */
export interface GateHealth {
  readonly status: 'up' | 'degraded' | 'down';
  /** The circuits of Authsignal's calls that are not closed. Empty as well where there are no circuits. */
  readonly circuits: DisturbedCircuits;
  /** `failing` from a failed step of the replay store until its next one that worked, for ten seconds at most. */
  readonly replayStore: 'unknown' | 'working' | 'failing';
}

const DECIDING: readonly AuthsignalCall[] = ['track', 'validateChallenge'];

export function gateHealth(
  port: AuthsignalPort,
  replayStore: GateHealth['replayStore'],
): GateHealth {
  const circuits = port.circuits?.() ?? {};
  const isDown = replayStore === 'failing' || DECIDING.some((call) => circuits[call] === 'open');
  const isWhole = Object.keys(circuits).length === 0;
  return { status: isDown ? 'down' : isWhole ? 'up' : 'degraded', circuits, replayStore };
}
