import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStepUpGate, MemoryReplayStore, type StepUpGate } from 'authsignal-guard';
import {
  challengeWithWhatsApp,
  createStepUpFetch,
  type StepUpChallenge,
  type WhatsAppSdk,
} from 'authsignal-guard/browser';
import { type Emulator, startEmulator } from 'authsignal-guard/emulator';
import { approvalOf, requireAction } from 'authsignal-guard/express';
import express, { type Express, type RequestHandler } from 'express';
import { JSDOM } from 'jsdom';

/** The package's own types cannot be resolved with `nodenext`; this is the part that is called. */
interface Sdk {
  readonly Authsignal: new (options: { tenantId: string; baseUrl: string }) => WhatsAppSdk;
}

const PHONE = '+64217000001';
let emulator: Emulator;
let gate: StepUpGate;
let server: Server;
let dom: JSDOM;
let authsignal: WhatsAppSdk;
let bankUrl = '';

beforeAll(async () => {
  const outcome = { outcome: 'CHALLENGE' } as const;
  emulator = await startEmulator({ actions: { createPayment: outcome, closeAccount: outcome } });
  emulator.users.enroll('ann', { phoneNumber: PHONE });
  const { secret, apiUrl, tenantId } = emulator;
  const replayStore = new MemoryReplayStore();
  gate = createStepUpGate({ apiSecretKey: secret, apiUrl, subject: () => 'ann', replayStore });
  const app = express().use(express.json());
  for (const action of ['createPayment', 'closeAccount']) {
    app.post(`/${action}`, requireAction(gate, action), (req, res) => {
      res.json({ done: req.body.id, by: approvalOf(req).by });
    });
  }
  server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  bankUrl = `http://127.0.0.1:${port}`;
  dom = new JSDOM('<!doctype html><body></body>', { url: 'http://shop.bank.test/' });
  // A page has these as globals; jsdom itself has no fetch, so Node's serves.
  Object.assign(globalThis, { window: dom.window, document: dom.window.document });
  const loaded: unknown = await import('@authsignal/browser');
  authsignal = new (loaded as Sdk).Authsignal({ tenantId, baseUrl: apiUrl });
});

afterAll(async () => {
  dom.window.close();
  await gate.close();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  await emulator.stop();
});

/** How many of a kind are open at once. */
class Gauge {
  most = 0;
  all = 0;
  #open = 0;

  async around<T>(work: () => T | Promise<T>): Promise<T> {
    this.all += 1;
    this.#open += 1;
    this.most = Math.max(this.most, this.#open);
    try {
      return await work();
    } finally {
      this.#open -= 1;
    }
  }
}

describe('a page with six guarded requests of two actions at once', () => {
  it('shows one prompt at a time for each action, and all of them succeed', async () => {
    const typing = new Gauge();
    const gauges: Record<string, Gauge> = { createPayment: new Gauge(), closeAccount: new Gauge() };
    const whatsApp = challengeWithWhatsApp({
      authsignal,
      ask: () => typing.around(() => emulator.inbox.waitForCode(PHONE)),
    });
    const challenge: StepUpChallenge = (prompt) =>
      gauges[prompt.action]?.around(() => whatsApp(prompt));
    const stepUpFetch = createStepUpFetch({ challenge });

    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (id) => {
        const action = id % 2 === 0 ? 'createPayment' : 'closeAccount';
        const answer = await stepUpFetch(`${bankUrl}/${action}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id }),
        });
        return { status: answer.status, body: await answer.json() };
      }),
    );

    expect(answers).toEqual(
      [1, 2, 3, 4, 5, 6].map((id) => ({ status: 200, body: { done: id, by: 'challenge' } })),
    );
    for (const { most, all } of Object.values(gauges)) {
      expect({ most, all }).toEqual({ most: 1, all: 3 });
    }
    expect({ most: typing.most, all: typing.all }).toEqual({ most: 1, all: 6 });
    expect(emulator.inbox.messages(PHONE)).toHaveLength(6);
  });
});

describe('a challenge at the end of a redirect', () => {
  const arrived: string[] = [];
  const servers: Server[] = [];
  let ownUrl = '';

  beforeAll(async () => {
    const refuse = (place: string): RequestHandler => {
      return (req, res) => {
        arrived.push(`${place} ${req.method} ${req.url} ${req.get('step-up-proof') ?? 'unproven'}`);
        const challenge = { token: 'token', url: 'https://ui.test/', methods: [] };
        res.status(403).type('application/problem+json');
        res.json({ code: 'step_up_required', action: 'read', challenge });
      };
    };
    const foreign = await listening(express().use(refuse('foreign')));
    const own = express();
    own.use((req, _res, next) => {
      if (req.url !== '/receipt') arrived.push(`own ${req.method} ${req.url}`);
      next();
    });
    own.post('/pay', (_req, res) => res.redirect(303, '/receipt'));
    own.post('/out', (_req, res) => res.redirect(307, `${foreign.url}/x`));
    own.use(refuse('own'));
    const site = await listening(own);
    ownUrl = site.url;
    servers.push(foreign.server, site.server);
  });
  afterAll(async () => {
    await Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
  });

  it.each([
    ['303', '/pay', ['own POST /pay', 'own GET /receipt unproven']],
    ['307', '/out', ['own POST /out', 'foreign POST /x unproven']],
  ])(
    '%s is handed on: nothing is sent twice, and nobody is given a proof',
    async (_status, path, all) => {
      arrived.length = 0;
      const prompts: string[] = [];
      const stepUpFetch = createStepUpFetch({
        challenge: ({ action }) => {
          prompts.push(action);
          return 'proof';
        },
      });
      const answer = await stepUpFetch(ownUrl + path, { method: 'POST', body: 'amount=5' });
      expect([answer.status, answer.redirected]).toEqual([403, true]);
      expect(await answer.json()).toMatchObject({ code: 'step_up_required' });
      expect(arrived).toEqual(all);
      expect(prompts).toEqual([]);
    },
  );
});

async function listening(app: Express): Promise<{ server: Server; url: string }> {
  const server = await new Promise<Server>((resolve) => {
    const made = app.listen(0, '127.0.0.1', () => resolve(made));
  });
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}` };
}
