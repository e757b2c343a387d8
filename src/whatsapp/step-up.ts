import type { BoundValue } from '../core/bound-values.js';
import type { ActionPolicy } from '../core/policy.js';
import { proceed, refuse, type Step } from '../core/step.js';
import type { StepUpGate } from '../core/step-up-gate.js';
import type { FlowScope } from './flow-scope.js';

/** How a request for another number came past the gate. */
export interface SteppedUp {
  /** With the old factor; without one the user has none yet. */
  readonly proven: boolean;
  /** Gives the old factor's proof back, for what it was given for did not come about. */
  readonly returnProof: () => Promise<void>;
}

/**
 * What the old factor approves: this number in the place of that one. An approval that is kept is
 * worth nothing once the number that gave it is gone.
 */
export interface NumberChange {
  readonly phoneNumber: string;
  readonly replaces: string | null;
}

export interface AuthenticatorGateSettings {
  readonly action: string;
  readonly whenUnenrolled: 'allow' | 'deny';
}

/** Whatever the application's defaults are: here nothing is observed, skipped or let through. */
export function authenticatorPolicy(settings: AuthenticatorGateSettings): ActionPolicy<BoundValue> {
  return {
    action: settings.action,
    whenUnenrolled: settings.whenUnenrolled,
    requireChallenge: true,
    whenUnavailable: 'deny',
    mode: 'enforce',
    skip: () => false,
    bind: ({ body }) => body,
    returnProofOnFailure: true,
  };
}

/** The gate before a change of authenticators, bound to the new number. */
export class AuthenticatorGate {
  readonly #gate: StepUpGate<unknown>;
  readonly #policy: ActionPolicy<BoundValue>;

  constructor(gate: StepUpGate<unknown>, settings: AuthenticatorGateSettings) {
    this.#gate = gate;
    this.#policy = authenticatorPolicy(settings);
    gate.prepare(this.#policy);
  }

  async pass(scope: FlowScope, change: NumberChange): Promise<Step<SteppedUp>> {
    const { phoneNumber, replaces } = change;
    const verdict = await this.#gate.evaluate(
      { ...scope.request, body: { phoneNumber, replaces } },
      this.#policy,
    );
    if (verdict.kind !== 'approved') {
      return refuse(verdict);
    }
    const { returnProof = async () => undefined, approval } = verdict;
    return proceed({ proven: approval.by === 'challenge', returnProof });
  }
}
