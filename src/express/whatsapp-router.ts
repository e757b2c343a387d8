import express, { type Router } from 'express';
import { refuse } from '../core/step.js';
import type { StepUpGate } from '../core/step-up-gate.js';
import type { WhatsAppOptions } from '../whatsapp/options.js';
import { renderFlow } from '../whatsapp/render-flow.js';
import { FLOW_ROUTES, type FlowHandler, whatsAppFlows } from '../whatsapp/whatsapp-flows.js';
import { actionRequestOf } from './action-request.js';
import { declareMiddleware } from './inventory/declared-middleware.js';
import { writeAnswer } from './write-answer.js';

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
  const json = quietJson(express.json({ limit: BODY_LIMIT }));
  const flows = whatsAppFlows(gate, options);
  for (const [route, handle] of flows) {
    const { method, path } = FLOW_ROUTES[route];
    const answer = declareMiddleware(answering(handle), { kind: 'whatsapp', gate, flows, route });
    router[method](path, json, answer);
  }
  return router;
}

/** What cannot be parsed is answered here: passed on, it would end in a log, codes and all. */
function quietJson(parse: express.RequestHandler): express.RequestHandler {
  return function flowBody(req, res, next) {
    parse(req, res, (error?: unknown) => {
      if (error === undefined) {
        next();
      } else {
        writeAnswer(res, renderFlow(refuse({ kind: 'invalid', errors: [UNREADABLE] })));
      }
    });
  };
}

const UNREADABLE = { pointer: '#', detail: 'must be JSON of 16 kB at most' };

function answering(handle: FlowHandler): express.RequestHandler {
  return async (req, res, next) => {
    try {
      writeAnswer(res, await handle(actionRequestOf<unknown>(req)));
    } catch (error) {
      next(error);
    }
  };
}
