import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { StepUpError } from '../../core/errors.js';
import { deliveryOf } from './deliveries.js';

/**
 * The event of this delivery, for a handler with `@AuthsignalWebhook()`. Answers 500 on any other.
 */
export const WebhookEvent: () => ParameterDecorator = createParamDecorator(
  (_data: undefined, context: ExecutionContext) => {
    const delivery = deliveryOf(context);
    if (delivery === undefined) {
      throw new StepUpError(
        'ERR_STEP_UP_NO_WEBHOOK',
        `@WebhookEvent() in ${context.getClass().name}.${context.getHandler().name}: nothing let this ` +
          'delivery in. Put @AuthsignalWebhook() on the handler.',
      );
    }
    return delivery.event;
  },
);
