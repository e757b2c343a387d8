import { describe, expect, it } from '@jest/globals';
import { createStepUpGate } from 'authsignal-guard';
import { approvalOf, requireAction } from 'authsignal-guard/express';
import type { RequestHandler } from 'express';
import multer from 'multer';
import { expectApproval, expectRefusal } from '../../support/customer.js';
import { parsers, signIn, startExpress } from '../../support/express-host.js';
import { EXPRESS, gateOptions } from '../../support/host.js';
import type { Building } from '../../support/hosts.js';
import { foundTown, playScenarios, storiesOf } from '../../support/scenarios.js';
import { ACTIONS } from './scenarios/payment.js';

const town = foundTown({ actions: ACTIONS });

const building: Building = {
  start: (platform, where) => {
    const gate = createStepUpGate(gateOptions(where));
    return startExpress(platform, where, gate, (app, runs, library) => {
      const done: RequestHandler = (req, res) => {
        runs.add(req.path);
        res.json({ done: true, approval: approvalOf(req) });
      };
      const upload = multer().any();
      app.use(...parsers(library), signIn);

      app.post(
        '/two',
        requireAction(gate, 'viewPayments', { bind: () => 'first' }),
        requireAction(gate, 'createPayment', { bind: () => 'second' }),
        (req, res) => {
          runs.add('two');
          const both = ['viewPayments', 'createPayment'].map((action) => approvalOf(req, action));
          res.json({ done: true, approval: approvalOf(req), both });
        },
      );

      const once = requireAction(gate, 'createPayment');
      app.post('/once', once, once, (_req, _res, next) => next(), once, done);

      app.post('/nothing', (req, res) => {
        runs.add('nothing');
        res.json({ done: true, approval: approvalOf(req) });
      });
      app.post('/other', requireAction(gate, 'viewPayments'), (req, res) => {
        res.json({ done: true, approval: approvalOf(req, 'createPayment') });
      });

      app.post('/files', upload, requireAction(gate, 'createPayment'), done);
      app.post(
        '/files/bound',
        upload,
        requireAction(gate, 'createPayment', {
          bind: ({ body }) => ({ payee: String(Object(body).payee) }),
        }),
        done,
      );
      app.post('/files/late', requireAction(gate, 'createPayment'), upload, done);

      app.use('/zone', requireAction(gate, 'createPayment'));
      app.post('/zone/:id', done);

      const failed = new Set<string | null>();
      const returning = requireAction(gate, 'createPayment', { returnProofOnFailure: true });
      app.post('/writes/:status', returning, (req, res) => {
        runs.add('writes');
        const approval = approvalOf(req);
        const isFirst = !failed.has(approval.subject);
        failed.add(approval.subject);
        res.status(isFirst ? Number(req.params.status) : 200).json({ done: true, approval });
      });

      const cards = library.Router();
      cards.post('/:card/lock', requireAction(gate, 'createPayment'), done);
      app.use('/users/:user/cards', cards);
      app.post(['/list/a', '/list/b'], requireAction(gate, 'createPayment'), done);
      app.post(/^\/expression\/\w+$/, requireAction(gate, 'createPayment'), done);
    });
  },
};
const story = storiesOf(building);

const form = (payee: string, file = 'receipt'): string =>
  [
    '--x',
    'content-disposition: form-data; name="payee"',
    '',
    payee,
    '--x',
    'content-disposition: form-data; name="file"; filename="a.txt"',
    '',
    file,
    '--x--',
    '',
  ].join('\r\n');
const multipart = (path: string, body: string) => ({
  path,
  body,
  type: 'multipart/form-data; boundary=x',
});

const several = [
  story(
    'two actions on one request are two evaluations, each with its approval',
    async (customer) => {
      const answer = await customer.send({ path: '/two' });
      expectRefusal(answer, 403, 'step_up_required', { action: 'createPayment' });
      expect(customer.eventTypes).toEqual([
        'action_tracked',
        'approved',
        'action_tracked',
        'challenge_issued',
        'refused',
      ]);
      const proof = await customer.prove(customer.tokenIn(answer));
      const done = await customer.send({ path: '/two', proof });
      expectApproval(done, 'challenge', { action: 'createPayment', bound: 'second' });
      expect(done.json).toMatchObject({
        both: [
          { action: 'viewPayments', by: 'rules', bound: 'first' },
          { action: 'createPayment', by: 'challenge', bound: 'second' },
        ],
      });
      expect(customer.runs).toBe(1);
    },
  ),
  story('the same middleware met again evaluates once', async (customer) => {
    const proof = await customer.proofFor({ path: '/once' });
    expectApproval(await customer.send({ path: '/once', proof }), 'challenge');
    expect(customer.eventTypes.filter((type) => type === 'proof_burned')).toHaveLength(1);
    expect(customer.eventTypes.filter((type) => type === 'approved')).toHaveLength(1);
    expectRefusal(await customer.send({ path: '/once', proof }), 409, 'step_up_consumed');
    expect(customer.runs).toBe(1);
  }),
  story('`approvalOf` where nothing approved is a coded error', async (customer) => {
    for (const path of ['/nothing', '/other']) {
      const answer = await customer.sendQuietly({ path });
      expect(answer.status).toBe(500);
      expect(answer.json).not.toHaveProperty('done');
    }
    const lines = customer.town.ledger.lines.join('\n');
    expect(lines).toContain('ERR_STEP_UP_NO_APPROVAL');
    expect(lines).toContain("Put requireAction(gate, 'createPayment') before this handler");
  }),
];

const files = [
  story('a parsed multipart body needs `bind`, since files are no part of it', async (customer) => {
    expectRefusal(
      await customer.send(multipart('/files', form('ann'))),
      500,
      'step_up_misconfigured',
    );
    expect(customer.event('callback_failed')).toMatchObject({
      callback: 'bind',
      error: 'is needed: files are no part of a multipart body',
    });
    expect(customer.runs).toBe(0);
  }),
  story('with `bind` it is bound to what that picks', async (customer) => {
    const upload = multipart('/files/bound', form('ann'));
    const proof = await customer.proofFor(upload);
    const changed = { ...upload, body: form('eve') };
    expectRefusal(await customer.send({ ...changed, proof }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    const answer = await customer.send({ ...upload, body: form('ann', 'another file'), proof });
    expectApproval(answer, 'challenge', { bound: { payee: 'ann' } });
  }),
  story('a multipart body that is parsed behind the gate is refused', async (customer) => {
    const answer = await customer.send(multipart('/files/late', form('ann')));
    expectRefusal(answer, 500, 'step_up_misconfigured');
    expect(customer.event('body_unread')).toBeDefined();
  }),
];

const mounted = [
  story('mounted by `use`, the raw path is bound', async (customer) => {
    const proof = await customer.proofFor({ path: '/zone/7' });
    expectRefusal(await customer.send({ path: '/zone/8', proof }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    expectApproval(await customer.send({ path: '/zone/7', proof }), 'challenge');
    expect(customer.event('approved')).toMatchObject({ route: '', path: '/zone/7' });
  }),
  story('in a router, the parameters of every level are bound, merged or not', async (customer) => {
    const lock = { path: '/users/ann/cards/1/lock' };
    for (const path of ['/users/eve/cards/1/lock', '/users/ann/cards/2/lock']) {
      const proof = await customer.proofFor(lock);
      expectRefusal(await customer.send({ path, proof }), 403, 'step_up_required', {
        reason: 'binding_mismatch',
      });
      expectApproval(await customer.send({ ...lock, proof }), 'challenge');
    }
  }),
  story('of several paths of one route, each is its own', async (customer) => {
    const proof = await customer.proofFor({ path: '/list/a' });
    expectRefusal(await customer.send({ path: '/list/b', proof }), 403, 'step_up_required', {
      reason: 'binding_mismatch',
    });
    expectApproval(await customer.send({ path: '/list/a', proof }), 'challenge');
  }),
  story('of an expression, each path is its own', async (customer) => {
    const proof = await customer.proofFor({ path: '/expression/a' });
    const other = await customer.send({ path: '/expression/b', proof });
    expectRefusal(other, 403, 'step_up_required', { reason: 'binding_mismatch' });
    expectApproval(await customer.send({ path: '/expression/a', proof }), 'challenge');
  }),
];

const written = [
  ['500', 500, true],
  ['503', 503, true],
  ['404', 404, false],
] as const;
const returns = written.map(([name, status, isReturned]) =>
  story(
    `a handler that writes ${name} itself ${isReturned ? 'gives its proof back' : 'keeps it used'}`,
    async (customer) => {
      const sending = { path: `/writes/${status}` };
      const proof = await customer.proofFor(sending);
      expect((await customer.send({ ...sending, proof })).status).toBe(status);
      expect(customer.eventTypes.includes('proof_returned')).toBe(isReturned);
      const again = await customer.send({ ...sending, proof });
      if (isReturned) {
        expectApproval(again, 'challenge');
      } else {
        expectRefusal(again, 409, 'step_up_consumed');
      }
      expectRefusal(await customer.send({ ...sending, proof }), 409, 'step_up_consumed');
    },
  ),
);

const on = { platforms: EXPRESS, town };
playScenarios('several actions', several, on);
playScenarios('multipart bodies', files, on);
playScenarios('answers of 5xx', returns, on);
playScenarios('mount points', mounted, on);

describe('what the scenarios left behind', () => {
  it('holds no secret, no number, no code and no token', () => {
    town().ledger.expectNothingLeaked();
  });
});
