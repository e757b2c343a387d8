import { once } from 'node:events';
import express from 'express';
import { ACTION, BODY_LIMIT, paid, pathOf, signedIn } from './account.mjs';

/** @typedef {import('./main.mjs').AppSettings} AppSettings */
/** @typedef {import('express').RequestHandler} RequestHandler */

/**
 * Plain Express with every default.
 *
 * @param {AppSettings} app
 * @returns {Promise<number>} the port
 */
export async function startApp(app) {
  const server = express();
  server.use((req, _res, next) => {
    Object.assign(req, { user: signedIn(req.headers) });
    next();
  });
  server.use(express.json({ limit: BODY_LIMIT }));
  const guards = await guardsOf(app);
  for (let index = 0; index < (app.routes ?? 1); index += 1) {
    server.post(`/${pathOf(index)}`, ...guards(), (req, res) => {
      res.status(201).json(paid(req.body));
    });
  }
  server.get('/open', (_req, res) => {
    res.json({ open: true });
  });
  const listening = server.listen(0, '127.0.0.1', 4096);
  await once(listening, 'listening');
  const address = listening.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

/**
 * @param {AppSettings} app
 * @returns {Promise<() => readonly RequestHandler[]>} for each route its own
 */
async function guardsOf(app) {
  switch (app.guard) {
    case 'none':
      return () => [];
    case 'by-hand': {
      const { byHand } = await import('./by-hand.mjs');
      const guard = asking(byHand(app.apiUrl));
      return () => [guard];
    }
    case 'limit': {
      const { limit } = await import('./limit.mjs');
      const guard = asking(limit(app.apiUrl));
      return () => [guard];
    }
    case 'ours': {
      const { createStepUpGate } = await import('authsignal-guard');
      const { requireAction } = await import('authsignal-guard/express');
      const { gateOptions, policyOf } = await import('./gate-options.mjs');
      const gate = createStepUpGate(await gateOptions(app));
      return () => [requireAction(gate, ACTION, policyOf(app))];
    }
  }
}

/**
 * @param {import('./outcome.mjs').Ask} ask
 * @returns {RequestHandler}
 */
function asking(ask) {
  return async (req, res, next) => {
    try {
      const userId = Reflect.get(req, 'user').id;
      const outcome = await ask({ userId, ip: req.ip, headers: req.headers });
      if (outcome.allowed) {
        next();
      } else {
        res.status(403).json(outcome.body);
      }
    } catch (error) {
      next(error);
    }
  };
}
