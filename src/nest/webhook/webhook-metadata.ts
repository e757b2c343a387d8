import { StepUpError } from '../../core/errors.js';
import type { WebhookOptions } from '../../webhook/options.js';
import type { WebhookPlace } from './receivers.js';

const DECLARED = Symbol.for('authsignal-guard.nest.webhook.declared');
const EFFECTIVE = Symbol.for('authsignal-guard.nest.webhook.effective');

/** By the method's name: a decorator that puts another function in its place must not take this away. */
export function declareWebhook(
  options: WebhookOptions,
  target: object,
  method: string | symbol,
): void {
  if (declaredWebhook(target, method) !== undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      `Two @AuthsignalWebhook on ${String(method)}: one would be lost. Put everything into one.`,
    );
  }
  Reflect.defineMetadata(DECLARED, options, target, method);
}

/** What is said of the method on the prototype that has it. */
export function declaredWebhook(
  owner: object,
  method: string | symbol,
): WebhookOptions | undefined {
  return Reflect.getOwnMetadata(DECLARED, owner, method);
}

/** What was arranged at start. */
export function setEffectiveWebhook(handler: object, webhook: WebhookPlace): void {
  Reflect.defineMetadata(EFFECTIVE, webhook, handler);
}

export function effectiveWebhook(handler: object): WebhookPlace | undefined {
  return Reflect.getOwnMetadata(EFFECTIVE, handler);
}
