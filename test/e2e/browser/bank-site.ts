import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import { approvalOf, requireAction } from 'authsignal-guard/express';
import express, { type RequestHandler, Router } from 'express';
import multer from 'multer';
import { bundleForBrowser } from '../../support/in-browser/bundle.js';

/** A request as it arrived, refused or not. */
export interface Arrived {
  readonly path: string;
  readonly method: string;
  readonly proven: boolean;
  readonly session: string | undefined;
  readonly type: string | undefined;
  readonly body: unknown;
}

/** A bank that serves its page, and its API both beside the page and on an origin of its own. */
export interface BankSite {
  readonly pageUrl: string;
  readonly apiUrl: string;
  readonly arrived: Arrived[];
  stop(): Promise<void>;
}

interface Upload {
  readonly fieldname: string;
  readonly originalname: string;
  readonly mimetype: string;
  readonly buffer: Buffer;
}

const uploadsOf = (raw: unknown): readonly Upload[] => Object(raw).files ?? [];

const SESSION = 'sid=ann';
const PAGE = `${import.meta.dirname}/page`;
const SDK = readFileSync(fileURLToPath(import.meta.resolve('@authsignal/browser')), 'utf8');

const html = `<!doctype html><html lang="en"><head><title>Bank</title><link rel="icon" href="data:,">
<script type="module" src="/bank.js"></script></head><body><h1>Bank</h1></body></html>`;

export async function startBankSite(emulator: Emulator): Promise<BankSite> {
  const { secret, apiUrl, tenantId } = emulator;
  const at = { pageUrl: '', apiUrl: '' };
  const gate = createStepUpGate({
    apiSecretKey: secret,
    apiUrl,
    clock: emulator.clock,
    replayStore: new MemoryReplayStore(),
    subject: ({ headers }) => (String(headers.cookie).includes(SESSION) ? 'ann' : undefined),
    attributes: () => ({ redirectUrl: `${at.pageUrl}/?challenge=redirect#paying` }),
  });
  const guard = await bundleForBrowser(`export * from 'authsignal-guard/browser';`);
  const arrived: Arrived[] = [];
  const app = express()
    .get('/', (_req, res) => void res.set('set-cookie', `${SESSION}; Path=/`).send(html))
    .get('/settings.json', (_req, res) => void res.json({ tenantId, baseUrl: apiUrl }))
    .get('/guard.js', (_req, res) => void res.type('js').send(guard))
    .get('/authsignal.js', (_req, res) => void res.type('js').send(SDK))
    .use(express.static(PAGE))
    .use('/api', allowOtherOrigins, apiOf(gate, arrived));
  const servers = [await listen(app), await listen(app)] as const;
  const [beside, apart] = servers.map(originOf);
  Object.assign(at, { pageUrl: beside, apiUrl: `${apart}/api` });
  return {
    ...at,
    arrived,
    async stop() {
      await gate.close();
      await Promise.all(servers.map(close));
    },
  };
}

const allowOtherOrigins: RequestHandler = (req, res, next) => {
  res.set({
    'access-control-allow-origin': req.headers.origin ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'content-type, step-up-proof',
    'access-control-allow-methods': 'GET, POST, PUT',
    vary: 'origin',
  });
  if (req.method === 'OPTIONS') {
    res.status(204).end();
    return;
  }
  next();
};

function apiOf(gate: ReturnType<typeof createStepUpGate>, arrived: Arrived[]): Router {
  const note: RequestHandler = (req, _res, next) => {
    const { path, method, headers, body } = req;
    const files = uploadsOf(req).map(({ fieldname, originalname, mimetype, buffer }) =>
      [fieldname, originalname, mimetype, buffer.toString('hex')].join(' '),
    );
    arrived.push({
      path,
      method,
      proven: headers['step-up-proof'] !== undefined,
      session: headers.cookie,
      type: headers['content-type']?.replace(/boundary=.*/, ''),
      body: Buffer.isBuffer(body)
        ? body.toString('latin1')
        : files.length > 0
          ? { ...body, files }
          : body,
    });
    next();
  };
  const run: RequestHandler = (req, res) => {
    const { by, proofId } = approvalOf(req);
    res.json({ by, proofId, id: req.query.id });
  };
  const router = Router();
  router.use(['/createPayment', '/closeAccount', '/blocked'], express.json(), note);
  router.use('/bytes', express.raw({ type: () => true }), note);
  router.use('/form', multer().any(), note);
  router.use(['/balance', '/forbidden'], note);
  for (const action of ['createPayment', 'closeAccount', 'blocked']) {
    router.post(`/${action}`, requireAction(gate, action), run);
  }
  router.post('/bytes', requireAction(gate, 'createPayment'), run);
  router.post(
    '/form',
    requireAction(gate, 'createPayment', {
      bind: ({ body, raw }) => ({
        fields: { ...Object(body) },
        files: uploadsOf(raw).map(({ buffer }) => buffer.toString('hex')),
      }),
    }),
    run,
  );
  router.get('/balance', requireAction(gate, 'createPayment'), (req, res) => {
    res.set('cache-control', 'private, max-age=600').json({ by: approvalOf(req).by });
  });
  router.all('/forbidden', (_req, res) => {
    res.status(403).type('application/problem+json').send('{"code":"not_yours"}');
  });
  return router;
}

const listen = (app: express.Express): Promise<Server> =>
  new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server));
  });

function originOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
