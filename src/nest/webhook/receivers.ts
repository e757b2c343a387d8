import type { StepUpGate } from '../../core/step-up-gate.js';
import type { WebhookOptions } from '../../webhook/options.js';
import { WebhookReceiver } from '../../webhook/webhook-receiver.js';

// One class may be a controller of several applications, each with a gate of its own.
const receivers = new WeakMap<StepUpGate, WeakMap<WebhookOptions, WebhookReceiver>>();

/** @throws StepUpError `ERR_STEP_UP_OPTION` the first time, at start. */
export function receiverOf(gate: StepUpGate, options: WebhookOptions): WebhookReceiver {
  const ofGate = receivers.get(gate) ?? new WeakMap<WebhookOptions, WebhookReceiver>();
  receivers.set(gate, ofGate);
  const receiver = ofGate.get(options) ?? new WebhookReceiver(gate, options);
  ofGate.set(options, receiver);
  return receiver;
}
