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

/** The gate before a change of authenticators, bound to the new number. */
export class AuthenticatorGate {
  readonly #gate: StepUpGate<unknown>;
  readonly #policy: ActionPolicy;

  constructor(
    gate: StepUpGate<unknown>,
    settings: { readonly action: string; readonly whenUnenrolled: 'allow' | 'deny' },
  ) {
    this.#gate = gate;
    // Whatever the application's defaults are: here nothing is observed, skipped or let through.
    this.#policy = {
      action: settings.action,
      whenUnenrolled: settings.whenUnenrolled,
      requireChallenge: true,
      whenUnavailable: 'deny',
      mode: 'enforce',
      skip: () => false,
      body: (raw) => raw,
      bind: ({ body }) => ({ phoneNumber: String(body) }),
      returnProofOnFailure: true,
    };
    gate.prepare(this.#policy);
  }

  async pass(scope: FlowScope, phoneNumber: string): Promise<Step<SteppedUp>> {
    const verdict = await this.#gate.evaluate(
      { ...scope.request, body: phoneNumber },
      this.#policy,
    );
    if (verdict.kind !== 'approved') {
      return refuse(verdict);
    }
    const { returnProof = async () => undefined, approval } = verdict;
    return proceed({ proven: approval.by === 'challenge', returnProof });
  }
}
