import { StepUpError } from '../core/errors.js';

// Outside the gate, which knows nothing of webhooks.
const claimed = new WeakMap<object, Map<string, object>>();

/**
 * Sees to it that two webhooks of a gate do not share a memory, where each would take the other's events for duplicates.
 *
 * @param owner what may ask for the same name again.
 * @throws StepUpError `ERR_STEP_UP_OPTION`
 */
export function claimWebhookName(gate: object, name: string, owner: object): void {
  const names = claimed.get(gate) ?? new Map<string, object>();
  claimed.set(gate, names);
  const holder = names.get(name) ?? owner;
  if (holder !== owner) {
    throw new StepUpError(
      'ERR_STEP_UP_OPTION',
      `Two Authsignal webhooks are named "${name}", and each event would reach only one of them: give each a \`name\` ` +
        'of its own, the same in every process.',
    );
  }
  names.set(name, owner);
}
