import { once } from 'node:events';
import { createStepUpGate } from 'authsignal-guard';
import { approvalOf, requireAction } from 'authsignal-guard/express';
import express from 'express';
import { countedMethods, ROUTES } from './routes.mjs';
import { MAX_PROOF_AGE_MS, SECRET, TIMEOUT_MS } from './terms.mjs';

/** @typedef {import('./oracle.mjs').Oracle} Oracle */
/** @typedef {import('./tally.mjs').Tally} Tally */
/** @typedef {import('./routes.mjs').GuardedRoute} GuardedRoute */

/**
 * @typedef {object} Surroundings
 * @property {string} apiUrl
 * @property {import('authsignal-guard').ReplayStore} replayStore
 * @property {import('authsignal-guard').Clock} clock
 * @property {Oracle} oracle
 * @property {Tally} tally
 * @property {boolean} isBound
 */

/** A bank with guarded routes, whose handlers tell the oracle what they do. @param {Surroundings} around */
export async function startApplication(around) {
  const gate = gateIn(around);
  const app = express();
  app.use(express.json());
  for (const route of ROUTES) {
    const guard = requireAction(gate, route.action, policyOf(route, around.isBound));
    app[route.method](route.pattern, guard, handlerOf(route, around));
  }
  app.use(answerFailure);
  const server = app.listen(0, '127.0.0.1', 1024);
  await once(server, 'listening');
  server.keepAliveTimeout = 600_000;
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await gate.close();
    },
  };
}

/** @param {Surroundings} around */
function gateIn({ apiUrl, replayStore, clock, tally }) {
  return createStepUpGate({
    apiSecretKey: SECRET,
    apiUrl,
    replayStore,
    clock,
    timeoutMs: TIMEOUT_MS,
    maxProofAgeMs: MAX_PROOF_AGE_MS,
    circuitBreaker: { openForMs: 100 },
    subject: ({ headers }) => header(headers, 'x-user'),
    session: ({ headers }) => header(headers, 'x-session'),
    onEvent: (event) =>
      tally.count(
        `event ${event.type}${event.type === 'circuit_changed' ? ` ${event.state}` : ''}`,
      ),
  });
}

/** @param {GuardedRoute} route @param {boolean} isBound @returns {import('authsignal-guard').ActionPolicy} */
function policyOf({ policy }, isBound) {
  return {
    ...policy,
    ...(isBound ? {} : { bind: () => 'anything' }),
    attributes: ({ headers }) => ({
      custom: {
        request: header(headers, 'x-request') ?? '',
        allow: header(headers, 'x-rules') === 'allow',
        raised: policy.requireChallenge === true,
      },
    }),
  };
}

/** @param {GuardedRoute} route @param {Surroundings} around @returns {import('express').RequestHandler} */
function handlerOf(route, { oracle, tally }) {
  return async (req, res) => {
    const approval = approvalOf(req);
    const deed = {
      action: route.action,
      user: req.get('x-user') ?? '',
      session: req.get('x-session') ?? '',
      method: req.method,
      path: req.originalUrl,
      body: req.body,
    };
    const request = req.get('x-request') ?? '';
    const known = oracle.begins(approval, deed, { request, methods: countedMethods(route) });
    tally.count(`ran by ${approval.by}`);
    // Long enough for a duplicate to arrive.
    await new Promise((resolve) => setTimeout(resolve, 2));
    const failing = req.get('x-fail');
    const mayReturn = route.policy.returnProofOnFailure === true && failing !== '404';
    oracle.ends(known, failing !== undefined && mayReturn);
    if (failing === 'throws') {
      throw new Error('the handler failed');
    }
    res.status(Number(failing ?? 201)).json({ request, failed: failing !== undefined });
  };
}

/** @type {import('express').ErrorRequestHandler} */
const answerFailure = (_error, req, res, _next) => {
  res.status(500).json({ request: req.get('x-request'), failed: true });
};

/** @param {Readonly<Record<string, string | readonly string[] | undefined>>} headers @param {string} name */
function header(headers, name) {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
