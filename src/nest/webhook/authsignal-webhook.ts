import 'reflect-metadata';
import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import type { WebhookOptions } from '../../webhook/options.js';
import { StepUpExceptionFilter } from '../step-up-exception.filter.js';
import { WebhookGuard } from './webhook.guard.js';
import { declareWebhook } from './webhook-metadata.js';

/**
 * Lets deliveries from Authsignal through to the handler: signed by one of the tenant's API secrets over the very bytes,
 * of the last minutes, and for the first time. The handler gets the event with `@WebhookEvent()` and answers 200 unless
 * `@HttpCode` says otherwise. Everything else is refused as `application/problem+json`; a duplicate is answered 200, and
 * the handler does not run.
 *
 * It binds the guard and the filter itself, behind the other guards of the route. Nothing else is needed but
 * `AuthsignalModule` in the application and `NestFactory.create(AppModule, { rawBody: true })`: the bytes are what was
 * signed. Without those it answers 500 and says so in the log.
 *
 * A handler that fails gets the event again with the sender's next attempt. An `HttpException`, an error of `http-errors`
 * or a refusal of `gate.require` below 500 is an answer, not a failure.
 *
 * A wrong option is an error at start.
 */
export function AuthsignalWebhook(options: WebhookOptions = {}): MethodDecorator {
  const declare = (target: object, method: string | symbol): void =>
    declareWebhook(options, target, method);
  return applyDecorators(
    declare as MethodDecorator,
    UseGuards(WebhookGuard),
    UseFilters(StepUpExceptionFilter),
  );
}
