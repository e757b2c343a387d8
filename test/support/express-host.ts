import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createStepUpGate, type StepUpGate } from 'authsignal-guard';
import {
  actionRequestOf,
  approvalOf,
  requireAction,
  stepUpErrorHandler,
} from 'authsignal-guard/express';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
} from 'express';
import express4 from 'express4';
import type { Bank, Route } from './bank.js';
import { gateOptions, type Host, type Platform, Runs, signedIn, type Town } from './host.js';
import type { Ledger } from './ledger.js';

/** Bodies of every kind that the bank reads, and who is signed in. */
export const parsers = (library: typeof express): readonly RequestHandler[] => [
  library.json(),
  library.urlencoded({ extended: true }),
  library.text(),
  library.raw({ type: 'application/octet-stream' }),
];

export const signIn: RequestHandler = (req, _res, next) => {
  Object.assign(req, signedIn(req.headers));
  next();
};

/** Answers as Nest's own filter does, so that failures of a handler can be compared, too. */
const lastResort =
  (ledger: Ledger): ErrorRequestHandler =>
  (error: { statusCode?: number; message?: string }, _req, res, next) => {
    ledger.write(error);
    if (res.headersSent) {
      next(error);
      return;
    }
    const { statusCode = 500 } = error;
    const message = statusCode === 500 ? 'Internal server error' : error.message;
    res.status(statusCode).json({ statusCode, message });
  };

/** An Express application of any make, with a gate of its own, on a free port. */
export async function startExpress(
  platform: Platform,
  town: Town,
  gate: StepUpGate,
  build: (app: Express, runs: Runs, library: typeof express) => void,
): Promise<Host> {
  const library = platform === 'express-4' ? express4 : express;
  const app = library();
  const runs = new Runs();
  build(app, runs, library);
  app.use(stepUpErrorHandler);
  app.use(lastResort(town.ledger));
  const server = await listen(app);
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await gate.close();
  };
  return { platform, url: `http://127.0.0.1:${port}`, gate, runs, close };
}

export function expressBank(platform: Platform, town: Town, bank: Bank): Promise<Host> {
  const gate = createStepUpGate(gateOptions(town, bank.options?.(town.emulator)));
  return startExpress(platform, town, gate, (app, runs, library) => {
    if (bank.giveUp !== undefined) {
      app.use(impatience(bank.giveUp));
    }
    app.use(...parsers(library), signIn);
    for (const route of bank.routes) {
      const { verb, path, action, policy, before } = route;
      const guards = action === undefined ? [] : [requireAction(gate, action, policy)];
      app[verb](path, ...before, ...guards, handler(gate, route, runs));
    }
  });
}

/** A timeout as applications have it: it answers, and the handler knows nothing of it. */
function impatience(giveUp: () => Promise<void>): RequestHandler {
  return (_req, res, next) => {
    giveUp().then(() => {
      if (!res.headersSent) {
        res.status(503).json({ statusCode: 503, message: 'Service Unavailable' });
      }
    }, next);
    next();
  };
}

function handler(gate: StepUpGate, route: Route, runs: Runs): RequestHandler {
  return (req, res, next) => {
    runs.add(route.path);
    visit(gate, route, req)
      .then((answer) => res.status(req.method === 'POST' ? 201 : 200).json(answer))
      .catch(next);
  };
}

async function visit(gate: StepUpGate, route: Route, req: Request): Promise<unknown> {
  const approval = route.action === undefined ? undefined : approvalOf(req);
  const approvedBody = approval?.body;
  return route.handle({ approval, approvedBody, request: actionRequestOf(req), gate });
}

async function listen(app: Express): Promise<Server> {
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server));
  });
}
