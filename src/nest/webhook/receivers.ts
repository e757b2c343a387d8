import type { StepUpGate } from '../../core/step-up-gate.js';
import type { WebhookOptions } from '../../webhook/options.js';
import { claimWebhookName } from '../../webhook/webhook-names.js';
import { WebhookReceiver } from '../../webhook/webhook-receiver.js';

/** A method with `@AuthsignalWebhook`. */
export interface WebhookPlace {
  readonly options: WebhookOptions;
  /** Class and method by the names in the source: a function in the method's place may have none. */
  readonly place: string;
  readonly controller: object;
}

// One class may be a controller of several applications, each with a gate of its own.
const receivers = new WeakMap<StepUpGate, Map<string, WebhookReceiver>>();

/** @throws StepUpError `ERR_STEP_UP_OPTION` the first time, at start. */
export function receiverOf(gate: StepUpGate, webhook: WebhookPlace): WebhookReceiver {
  const { options, place, controller } = webhook;
  const { name = place } = options;
  claimWebhookName(gate, name, controller);
  const ofGate = receivers.get(gate) ?? new Map<string, WebhookReceiver>();
  receivers.set(gate, ofGate);
  const receiver = ofGate.get(place) ?? new WebhookReceiver(gate, options, name);
  ofGate.set(place, receiver);
  return receiver;
}
