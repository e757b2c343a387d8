import type { Request, RequestHandler } from 'express';
import { StepUpError } from '../core/errors.js';
import { renderVerdict } from '../core/render-verdict.js';
import type { StepUpGate } from '../core/step-up-gate.js';
import type { AuthsignalEvent } from '../webhook/authsignal-event.js';
import { DUPLICATE_ANSWER } from '../webhook/duplicate-answer.js';
import type { WebhookOptions } from '../webhook/options.js';
import { claimWebhookName } from '../webhook/webhook-names.js';
import { WebhookReceiver } from '../webhook/webhook-receiver.js';
import { actionRequestOf } from './action-request.js';
import { declareMiddleware } from './inventory/declared-middleware.js';
import { runReturningProof } from './return-proof.js';
import { writeAnswer } from './write-answer.js';
import { writeRefusal } from './write-refusal.js';

// Outside the request, so that no other code can put an event there.
const events = new WeakMap<Request, AuthsignalEvent>();

/**
 * Lets deliveries from Authsignal through to the handlers behind it: signed by one of the tenant's API secrets over the
 * very bytes, of the last minutes, and for the first time. They read the event with `webhookEventOf(req)`. Everything
 * else is refused as `application/problem+json`; a duplicate is answered 200, and no handler runs.
 *
 * Put it before body parsers: it reads the body itself. Behind a parser that keeps the raw bytes (`req.rawBody`, or
 * `express.raw`) it works as well; behind one that does not it answers 500 and says so in the log.
 *
 * A handler that answers 5xx gets the event again with the sender's next attempt.
 *
 * @throws StepUpError `ERR_STEP_UP_OPTION` at start, with the option and the fix.
 */
export function authsignalWebhook<Raw>(
  gate: StepUpGate<Raw>,
  options: WebhookOptions = {},
): RequestHandler {
  const { name = 'webhook' } = options;
  const receiver = new WebhookReceiver(gate, options, name);
  claimWebhookName(gate, name, receiver);
  const passed = new WeakSet<Request>();
  const webhook: RequestHandler = async function webhook(req, res, next) {
    if (passed.has(req)) {
      next();
      return;
    }
    try {
      const { body } = req;
      const rawBody: unknown = Reflect.get(req, 'rawBody');
      const outcome = await receiver.receive(actionRequestOf(req), { rawBody, body, message: req });
      if (outcome.kind === 'refused') {
        writeRefusal(res, renderVerdict(outcome.verdict));
        return;
      }
      if (outcome.kind === 'duplicate') {
        writeAnswer(res, DUPLICATE_ANSWER);
        return;
      }
      const { delivery } = outcome;
      passed.add(req);
      events.set(req, delivery.event);
      runReturningProof(res, next, () => delivery.giveBack());
    } catch (error) {
      next(error);
    }
  };
  return declareMiddleware(webhook, { kind: 'webhook', gate });
}

/**
 * The event of this delivery, for a handler behind `authsignalWebhook`.
 *
 * @throws StepUpError `ERR_STEP_UP_NO_WEBHOOK` when no `authsignalWebhook` stands before the handler.
 */
export function webhookEventOf(req: Request): AuthsignalEvent {
  const event = events.get(req);
  if (event === undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_NO_WEBHOOK',
      'webhookEventOf(req): nothing let this delivery in. Put authsignalWebhook(gate) before this handler.',
    );
  }
  return event;
}
