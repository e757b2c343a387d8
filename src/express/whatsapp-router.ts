import express, { type Router } from 'express';
import type { StepUpGate } from '../core/step-up-gate.js';
import type { WhatsAppOptions } from '../whatsapp/options.js';
import { FLOW_ROUTES, type FlowHandler, whatsAppFlows } from '../whatsapp/whatsapp-flows.js';
import { actionRequestOf } from './action-request.js';

/** The flows' bodies are small. */
const BODY_LIMIT = '16kb';

/**
 * The routes of the WhatsApp flows, below a prefix of the application's choice:
 * `app.use('/whatsapp', whatsAppRouter(gate, options))`. A flow exists only if its options are
 * given. Put authentication before it; sign-in needs none.
 *
 * @throws StepUpError `ERR_STEP_UP_OPTION` at start, with the option and the fix.
 */
export function whatsAppRouter<Raw>(gate: StepUpGate<Raw>, options: WhatsAppOptions<Raw>): Router {
  const router = express.Router();
  const json = express.json({ limit: BODY_LIMIT });
  for (const [name, handle] of whatsAppFlows(gate, options)) {
    const { method, path } = FLOW_ROUTES[name];
    router[method](path, json, answering(handle));
  }
  return router;
}

function answering(handle: FlowHandler): express.RequestHandler {
  return async (req, res, next) => {
    try {
      const { status, headers, text } = await handle(actionRequestOf<unknown>(req));
      for (const [name, value] of Object.entries(headers)) {
        res.setHeader(name, value);
      }
      res.setHeader('content-length', Buffer.byteLength(text));
      res.statusCode = status;
      res.end(text);
    } catch (error) {
      next(error);
    }
  };
}
