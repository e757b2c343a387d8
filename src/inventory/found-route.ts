import type { ActionPolicy } from '../core/policy.js';
import { internalsOf, type StepUpGate } from '../core/step-up-gate.js';
import type { ListedAction, ListedPolicy } from './listed-action.js';

/** A guarded route as an adapter finds it, with what the warnings are decided by. */
export interface FoundRoute {
  readonly listed: ListedAction;
  /** What it is called in warnings. */
  readonly place: string;
  /** Whether the gate still stands before the handler. */
  readonly isGated: boolean;
  /** What looks like authentication and runs after the gate. */
  readonly authAfterGate: readonly string[];
  /** Whether bodies are parsed before the gate; `undefined`: not known. */
  readonly isParsed: boolean | undefined;
  /** In Express, whether nothing stands behind the gate that it could keep a request from. */
  readonly isLast?: boolean;
  /** In Nest, what the class says and what the method says over it. */
  readonly layers?: { readonly ofClass: ActionPolicy; readonly ofMethod: ActionPolicy };
}

/** What is true of the application as a whole. */
export interface ApplicationFacts {
  readonly gates: readonly StepUpGate<never>[];
  readonly routes: readonly FoundRoute[];
  /** Whether the platform trusts a proxy; `undefined`: not known. */
  readonly trustsProxy: boolean | undefined;
  /** Whether a WhatsApp flow has no store for its limits. */
  readonly hasMemoryLimits: boolean;
  /** Guards that stand before no route that could be read. */
  readonly unrouted: readonly string[];
}

/** The policy that holds for a route, as it is listed. */
export function listedPolicy(gate: StepUpGate<never>, policy: ActionPolicy): ListedPolicy {
  const resolved = gate.prepare(policy);
  const { mode, requireChallenge, whenUnenrolled, whenUnavailable, maxProofAgeMs } = resolved;
  return {
    mode,
    requireChallenge,
    whenUnenrolled,
    whenUnavailable,
    methods: resolved.methods ?? [],
    maxProofAgeMs,
    returnProofOnFailure: resolved.returnProofOnFailure,
    skip: resolved.skip !== undefined,
    bind: resolved.bind === undefined ? 'request' : 'custom',
    body: policy.body === undefined ? null : policy.body.name || 'function',
  };
}

/** The codes of which one is tracked. */
export function actionsOf(gate: StepUpGate<never>, policy: ActionPolicy): readonly string[] {
  return gate.prepare(policy).codes;
}

/** The header in which the gate reads proofs. */
export function proofHeaderOf(gate: StepUpGate<never>): string {
  return internalsOf(gate).options.header;
}
