import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { renderVerdict } from '../../core/render-verdict.js';
import { unavailable } from '../../core/unavailable.js';
import type { WebhookDelivery } from '../../webhook/webhook-delivery.js';
import { StepUpException } from '../step-up-exception.js';
import { isFailure } from '../transports/handler-failure.js';

// Outside the request, so that no other code can put an event there.
const deliveries = new WeakMap<object, Map<object, WebhookDelivery>>();
const within = new AsyncLocalStorage<WebhookDelivery | undefined>();

/** The delivery that was let in for this handler. */
export function deliveryOf(context: ExecutionContext): WebhookDelivery | undefined {
  return deliveries.get(requestOf(context))?.get(context.getHandler());
}

export function keepDelivery(context: ExecutionContext, delivery: WebhookDelivery): void {
  const request = requestOf(context);
  const kept = deliveries.get(request) ?? new Map<object, WebhookDelivery>();
  deliveries.set(request, kept.set(context.getHandler(), delivery));
}

/** Lets the handler find the delivery of its own request. It does not watch what the handler returns. */
export const deliveryScope: NestInterceptor = {
  intercept: (context: ExecutionContext, next: CallHandler): Observable<unknown> =>
    within.run(deliveryOf(context), () => next.handle()),
};

/**
 * Runs the handler, and gives the event back when its own promise rejects, before the failure goes on. A timeout of an
 * interceptor does not count: the handler may still run.
 */
export async function runDelivery(handle: () => unknown): Promise<unknown> {
  const delivery = within.getStore();
  if (delivery?.begin() === false) {
    throw new StepUpException(renderVerdict(unavailable()));
  }
  try {
    // What the handler calls itself must not take this delivery for its own.
    return await within.run(undefined, async () => handle());
  } catch (error) {
    if (isFailure(error, 'http')) {
      await delivery?.giveBack();
    }
    throw error;
  }
}

function requestOf(context: ExecutionContext): object {
  return context.switchToHttp().getRequest<object>();
}
