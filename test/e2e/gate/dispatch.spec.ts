import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createStepUpGate, MemoryReplayStore } from 'authsignal-guard';
import { requireAction } from 'authsignal-guard/express';
import { FakeAuthsignal } from 'authsignal-guard/testing';
import express5, { type Express, type Request, type RequestHandler } from 'express';
import express4 from 'express4';
import request from 'supertest';

// The gate says in the log what it refuses as misconfigured.
beforeAll(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => {
  jest.restoreAllMocks();
});

type Build = (express: typeof express5, guard: RequestHandler, acted: RequestHandler) => Express;

interface Played {
  readonly app: Express;
  readonly ran: string[];
  readonly authsignal: FakeAuthsignal;
}

/** An application with one action in front of one handler, which tells by what path it ran. */
function play(express: typeof express5, build: Build): Played {
  const authsignal = new FakeAuthsignal();
  authsignal.outcome('act', 'CHALLENGE_REQUIRED');
  const gate = createStepUpGate({
    authsignal,
    secret: 'a secret of sixteen or more',
    replayStore: new MemoryReplayStore(),
    subject: () => 'ann',
  });
  const ran: string[] = [];
  const app = build(express, requireAction(gate, 'act'), (req: Request, res) => {
    ran.push(JSON.stringify([req.originalUrl, req.body ?? null]));
    res.json({ ran: true });
  });
  return { app, ran, authsignal };
}

/** Sends a challenged request's proof along with another one. */
async function carry({ app, authsignal }: Played, from: string, to: string) {
  const refused = await request(app).post(from).send({});
  const proof = authsignal.complete(refused.body.challenge.token);
  const answer = await request(app).post(to).set('step-up-proof', proof).send({});
  return { reason: answer.body.reason, status: answer.status };
}

const builds: readonly [string, Build, string, string][] = [
  [
    'behind a route with a wildcard that the request fell through',
    (express, guard, acted) => {
      const app = express().use(express.json());
      app.all(express === express5 ? '/accounts/*rest' : '/accounts/*', (_req, _res, next) =>
        next(),
      );
      const router = express.Router();
      router.post('/:id/close', acted);
      return app.use('/accounts', guard, router);
    },
    '/accounts/mine/close',
    '/accounts/other/close',
  ],
  [
    'behind a route with a parameter that the request fell through',
    (express, guard, acted) => {
      const app = express().use(express.json());
      app.post('/payments/:id', (_req, _res, next) => next());
      app.use(guard);
      return app.post('/payments/:id', acted);
    },
    '/payments/1',
    '/payments/2',
  ],
  [
    'in a router that is the handler of a route',
    (express, guard, acted) => {
      const router = express.Router();
      router.use(guard, acted);
      return express().use(express.json()).post('/orgs/:id/close', router);
    },
    '/orgs/1/close',
    '/orgs/2/close',
  ],
];

describe.each([
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
])('a gate in %s', (_name, express) => {
  it.each(builds)('%s, takes a proof for its own path alone', async (_case, build, own, other) => {
    const played = play(express, build);
    expect(await carry(played, own, other)).toEqual({ status: 403, reason: 'binding_mismatch' });
    expect(played.ran).toEqual([]);
    expect((await carry(played, own, own)).status).toBe(200);
    expect(played.ran).toHaveLength(1);
  });

  it('evaluates each request that an application dispatches again as another', async () => {
    const played = play(express, (framework, guard, acted) => {
      const app = framework().use(framework.json());
      app.post('/act', guard, acted);
      app.post('/batch', async (req, res) => {
        const { items } = req.body;
        for (const body of items) {
          await new Promise<void>((resolve) => {
            const inner = Object.create(res, { json: { value: () => resolve() } });
            Object.assign(req, { url: '/act', body });
            Reflect.get(app, 'handle').call(app, req, inner, () => resolve());
            inner.end = () => resolve();
            setImmediate(resolve);
          });
        }
        res.json({ done: true });
      });
      return app;
    });
    played.authsignal.outcome('act', 'ALLOW');
    await request(played.app)
      .post('/batch')
      .send({ items: [{ amount: 1 }, { amount: 2 }] });
    const tracked = played.authsignal.calls.filter(({ call }) => call === 'track');
    expect(tracked).toHaveLength(2);
  });

  it('refuses a body that somebody else has read to another place', async () => {
    const played = play(express, (framework, guard, acted) => {
      const app = framework().use(framework.json());
      app.use(framework.text({ type: 'text/csv' }), (req, _res, next) => {
        Object.assign(req, { csv: req.body, body: {} });
        next();
      });
      return app.post('/import', guard, acted);
    });
    const answer = await request(played.app)
      .post('/import')
      .set('content-type', 'text/csv')
      .send('ann,1');
    expect(answer.body.code).toBe('step_up_misconfigured');
    expect(played.ran).toEqual([]);
  });
});
