import { describe, expect, it } from '@jest/globals';
import { createStepUpGate, type StepUpGateOptions } from 'authsignal-guard';
import {
  type ActionInventory,
  authsignalWebhook,
  listActions,
  requireAction,
  stepUpErrorHandler,
  whatsAppRouter,
} from 'authsignal-guard/express';
import express, { type RequestHandler } from 'express';
import express4 from 'express4';

const VERSIONS = [
  ['4', express4],
  ['5', express],
] as const;

const gateWith = (options: Partial<StepUpGateOptions> = {}) =>
  createStepUpGate({
    apiSecretKey: 'a secret for tests alone',
    apiUrl: 'http://127.0.0.1:9/v1',
    subject: () => 'ann',
    replayStore: { burn: () => true, restore: () => undefined },
    actions: ['pay', 'read', 'enrollWhatsApp'],
    ...options,
  });

const authenticate: RequestHandler = (_req, _res, next) => next();
const audit: RequestHandler = (_req, _res, next) => next();
const pay: RequestHandler = (_req, res) => res.json({});
const asItIs = (raw: unknown): unknown => raw;

const routes = ({ actions }: ActionInventory): readonly string[] =>
  actions.map(({ method, path, actions: names }) => `${method} ${path} ${names}`);

const placesOf = ({ warnings }: ActionInventory, code: string): readonly string[] | undefined =>
  warnings.find((warning) => warning.code === code)?.places;

describe.each(VERSIONS)('the inventory of Express %s', (_version, library) => {
  it('has the routes of an application and of its routers, with what runs before each', () => {
    const gate = gateWith();
    const app = library();
    app.use(library.json(), authenticate);
    app.post('/pay', audit, requireAction(gate, 'pay', { body: asItIs }), audit, pay);
    app.get(['/a', '/b'], requireAction(gate, 'read'), pay);
    const inner = library.Router();
    inner
      .route('/:id')
      .get(requireAction(gate, 'read', { maxProofAgeMs: 60_000 }), pay)
      .post(pay);
    const outer = library.Router();
    outer.use('/of/:user', inner);
    app.use('/accounts', outer);
    app.use('/admin', requireAction(gate, 'pay'), library.Router());
    const { actions, warnings } = listActions(app);
    expect(routes({ actions, warnings })).toEqual([
      'POST /pay pay',
      'GET /a read',
      'GET /b read',
      'GET /accounts/of/:user/:id read',
      'ALL /admin/* pay',
    ]);
    expect(actions[0]).toMatchObject({
      kind: 'action',
      transport: 'http',
      handler: 'pay',
      order: ['jsonParser', 'authenticate', 'audit', 'requireAction', 'audit'],
      policy: { mode: 'enforce', body: 'asItIs', bind: 'request' },
    });
    expect(actions[3]?.policy?.maxProofAgeMs).toBe(60_000);
    expect(warnings.map(({ code }) => code)).toEqual(['trust_proxy_unset', 'action_unguarded']);
  });

  it('has the WhatsApp routes and webhooks', () => {
    const gate = gateWith();
    const app = library();
    app.set('trust proxy', 1);
    app.post('/hook', authsignalWebhook(gate), pay);
    app.use('/whatsapp', whatsAppRouter(gate, { countries: ['NZ'], enrollment: {} }));
    const found = listActions(app, { production: true });
    expect(found.actions.map(({ kind, method, path }) => `${kind} ${method} ${path}`)).toEqual([
      'webhook POST /hook',
      'whatsapp GET /whatsapp/',
      'whatsapp POST /whatsapp/enrollment',
      'whatsapp POST /whatsapp/enrollment/verify',
      'whatsapp POST /whatsapp/resend',
    ]);
    expect(found.actions[2]).toMatchObject({
      actions: ['enrollWhatsApp'],
      policy: { requireChallenge: true, skip: false },
    });
    expect(found.warnings.map(({ code, level }) => `${level} ${code}`)).toEqual([
      'warning memory_limits',
      'note action_unguarded',
    ]);
    expect(placesOf(found, 'action_unguarded')).toEqual(['pay', 'read']);
  });

  it('sees authentication and parsers behind the gate', () => {
    const gate = gateWith();
    const app = library();
    app.post('/pay', requireAction(gate, 'pay', { body: asItIs }), authenticate, pay);
    app.use('/all', requireAction(gate, 'read'));
    app.use(library.json(), authenticate);
    app.post('/parsed', requireAction(gate, 'pay', { body: asItIs }), pay);
    const found = listActions(app);
    expect(placesOf(found, 'auth_guard_after_gate')).toEqual([
      'POST /pay (authenticate)',
      'ALL /all/* (authenticate)',
    ]);
    expect(placesOf(found, 'body_not_parsed')).toEqual(['POST /pay']);
  });

  it('sees a gate that nothing stands behind', () => {
    const gate = gateWith();
    const app = library();
    app.post('/late', pay, requireAction(gate, 'pay'));
    app.post('/alone', requireAction(gate, 'pay'));
    app.route('/both').get(requireAction(gate, 'read')).post(pay);
    app.post('/hook', pay, authsignalWebhook(gate));
    app.route('/every').all(requireAction(gate, 'pay')).post(pay);
    app.post('/pay', requireAction(gate, 'pay'), pay);
    app.use('/admin', requireAction(gate, 'read'), pay);
    app.use('/whatsapp', whatsAppRouter(gate, { countries: ['NZ'], enrollment: {} }));
    const router = library.Router();
    router.use(requireAction(gate, 'read'));
    app.use('/below', router);
    app.use(requireAction(gate, 'pay'));
    app.use(stepUpErrorHandler);
    const found = listActions(app);
    expect(placesOf(found, 'gate_last')).toEqual([
      'POST /late',
      'POST /alone',
      'GET /both',
      'POST /hook',
      'ALL /below/*',
      'ALL /*',
    ]);
    const ofRoute = ({ path }: { readonly path: string }): boolean => path === '/late';
    expect(found.actions.find(ofRoute)?.order).toEqual(['pay', 'requireAction']);
  });

  it('tells of guards that stand in an application which is mounted, and of none that is gone', () => {
    const gate = gateWith();
    const app = library();
    const admin = library();
    admin.get('/users', requireAction(gate, 'read'), pay);
    app.post('/pay', requireAction(gate, 'pay'), pay);
    app.use('/admin', admin);
    expect(placesOf(listActions(app), 'route_unknown')).toEqual(['requireAction(read)']);
    expect(routes(listActions(admin))).toEqual(['GET /users read']);
  });

  it('says so where Express does not tell a path', () => {
    const gate = gateWith();
    const app = library();
    const router = library.Router();
    router.get('/x', requireAction(gate, 'read'), pay);
    app.use(/\/v[12]/, router);
    app.use(['/one', '/two'], router);
    expect(routes(listActions(app))).toEqual(['GET /…/x read', 'GET /…/x read']);
  });

  it('of an application without anything guarded is empty', () => {
    const app = library();
    app.get('/', pay);
    expect(listActions(app)).toEqual({ actions: [], warnings: [] });
  });
});

describe('a layer of Express 5 before it kept its paths', () => {
  it('is written with what is not told', () => {
    const gate = gateWith();
    const app = express();
    const router = express.Router();
    router.get('/x', requireAction(gate, 'read'), pay);
    app.use('/api', router);
    for (const layer of Object(app).router.stack) {
      Reflect.deleteProperty(layer, 'rawPath');
    }
    expect(routes(listActions(app))).toEqual(['GET /…/x read']);
  });
});
