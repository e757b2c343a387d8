import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import { StepUpError } from '../../core/errors.js';
import type { StepUpGate } from '../../core/step-up-gate.js';
import { bindGuard } from '../bind-guard.js';
import { type Controller, copyOf, type FoundHandler, type Handler } from '../handlers.js';
import { deliveryScope, runDelivery } from './deliveries.js';
import { receiverOf } from './receivers.js';
import { WebhookGuard } from './webhook.guard.js';
import { declaredWebhook, setEffectiveWebhook } from './webhook-metadata.js';

/** Authsignal asks for a plain 200, where Nest would answer a POST with 201. */
const OK = 200;

/**
 * The handler to take the place of one that has `@AuthsignalWebhook`, or nothing where it has none.
 *
 * @param isGuarded whether a `@RequireAction` holds for it, too.
 * @throws StepUpError at start for a bad option, or where both guard it.
 */
export function webhookHandler(
  gate: StepUpGate,
  controller: Controller,
  found: FoundHandler,
  isGuarded: boolean,
): Handler | undefined {
  const options = declaredWebhook(found.owner, found.name);
  if (options === undefined) {
    return undefined;
  }
  const place = `${controller.name}.${found.name}`;
  if (isGuarded) {
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      `${place} has @AuthsignalWebhook and @RequireAction, but Authsignal has no ` +
        'user to challenge. Put the webhook into a controller of its own.',
    );
  }
  const webhook = { options, place, controller };
  receiverOf(gate, webhook);
  const handler = copyOf(found, runDelivery);
  setEffectiveWebhook(handler, webhook);
  if (Reflect.getMetadata(HTTP_CODE_METADATA, handler) === undefined) {
    Reflect.defineMetadata(HTTP_CODE_METADATA, OK, handler);
  }
  const spare = (): WebhookGuard => new WebhookGuard(gate);
  bindGuard(handler, controller, { guard: WebhookGuard, spare, scope: deliveryScope });
  return handler;
}
