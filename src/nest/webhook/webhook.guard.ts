import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { StepUpError } from '../../core/errors.js';
import { renderVerdict } from '../../core/render-verdict.js';
import { StepUpGate } from '../../core/step-up-gate.js';
import type { BodyPlaces } from '../../webhook/raw-body.js';
import { actionRequestOf } from '../action-request.js';
import { StepUpException } from '../step-up-exception.js';
import { deliveryOf, keepDelivery } from './deliveries.js';
import { DuplicateWebhook } from './duplicate-webhook.js';
import { receiverOf } from './receivers.js';
import { effectiveWebhook } from './webhook-metadata.js';

/** Node's own, or Fastify's around it. */
type Platform<Node> = Node | { readonly raw: Node };
type PlatformRequest = Parameters<typeof actionRequestOf>[0] & Platform<Readable>;

/** The guard behind `@AuthsignalWebhook`. It only throws; the filter answers. */
@Injectable()
export class WebhookGuard implements CanActivate {
  constructor(@Inject(StepUpGate) private readonly gate: StepUpGate) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const webhook = effectiveWebhook(context.getHandler());
    if (webhook === undefined || context.getType() !== 'http') {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `${context.getClass().name}.${context.getHandler().name} has the WebhookGuard but is no HTTP handler with @AuthsignalWebhook, or ` +
          'AuthsignalModule does not know its class.',
      );
    }
    if (deliveryOf(context) !== undefined) {
      return true;
    }
    const http = context.switchToHttp();
    const request = http.getRequest<PlatformRequest>();
    const action = { ...actionRequestOf<unknown>(request), handler: webhook.place };
    const receiver = receiverOf(this.gate, webhook);
    const outcome = await receiver.receive(action, bodyPlaces(request));
    if (outcome.kind === 'refused') {
      throw new StepUpException(renderVerdict(outcome.verdict));
    }
    if (outcome.kind === 'duplicate') {
      throw new DuplicateWebhook();
    }
    const { delivery } = outcome;
    keepDelivery(context, delivery);
    // Pipes and interceptors may still refuse it, and the connection may end first.
    const response = nodeOf(http.getResponse<Platform<ServerResponse>>());
    response.once('close', () => void delivery.end());
    return true;
  }
}

function bodyPlaces(request: PlatformRequest): BodyPlaces {
  const rawBody: unknown = Reflect.get(request, 'rawBody');
  return { rawBody, body: request.body, message: nodeOf<Readable>(request) };
}

function nodeOf<Node extends object>(platform: Platform<Node>): Node {
  return 'raw' in platform ? platform.raw : platform;
}
