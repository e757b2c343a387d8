import type { RefusalCode } from '../core/wire.js';
import type { ListedAction, ListedPolicy } from '../inventory/listed-action.js';
import type { Fields } from './open-api.js';
import { addHeader } from './parameters.js';
import { addRefusals } from './refusals.js';

/** What the gate answers before an action, other than that the request is not valid. */
export const GATE_REFUSALS: readonly RefusalCode[] = [
  'step_up_unauthenticated',
  'step_up_required',
  'step_up_enrollment_required',
  'step_up_blocked',
  'step_up_review_pending',
  'step_up_failed',
  'step_up_consumed',
  'step_up_misconfigured',
  'step_up_unavailable',
];

/** Documents an operation that a policy stands before. */
export function documentAction(
  operation: Fields,
  { actions, policy, method }: ListedAction,
  proofHeader: string,
): void {
  if (policy === null) {
    return;
  }
  describe(operation, actions, policy);
  addProofHeader(operation, proofHeader);
  if (policy.mode === 'enforce') {
    addRefusals(operation, [
      ...(mayBeInvalid(method, policy) ? (['request_invalid'] as const) : []),
      ...GATE_REFUSALS,
    ]);
  }
}

export function addProofHeader(operation: Fields, name: string): void {
  addHeader(operation, {
    name,
    required: false,
    description: 'The proof of an answered challenge, when the same request is sent again.',
  });
}

function describe(operation: Fields, actions: readonly string[], policy: ListedPolicy): void {
  operation['x-step-up-actions'] ??= [...actions];
  if (!operation.description) {
    const names = actions.map((action) => `\`${action}\``).join(' or ');
    const how = policy.mode === 'observe' ? 'Watched as' : 'May ask for step-up as';
    operation.description = `${how} action ${names}.${methodsText(policy.methods)}`;
  }
}

function methodsText(methods: readonly string[]): string {
  return methods.length === 0 ? '' : ` Only ${methods.join(', ')} counts.`;
}

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** A body of its own class, values that `bind` names, or a body that is bound as it is. */
function mayBeInvalid(method: string, { body, bind }: ListedPolicy): boolean {
  return body !== null || bind === 'custom' || !BODILESS.has(method);
}
