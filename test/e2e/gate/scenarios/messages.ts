import { expect } from '@jest/globals';
import type { SignedInRequest, StepUpGateOptions } from 'authsignal-guard';
import { type Bank, guarded, open, type Visit } from '../../../support/bank.js';
import {
  type Customer,
  expectApproval,
  expectRefusal,
  type Sending,
} from '../../../support/customer.js';
import { type Scenario, storiesOf } from '../../../support/scenarios.js';

const bank: Bank = {
  routes: [
    guarded('post', '/notes', 'createPayment'),
    guarded('post', '/bound', 'createPayment', {
      bind: ({ query }) => ({ to: String(query.to) }),
    }),
    guarded('get', '/notes/:id', 'viewPayments'),
    open('post', '/login', async ({ gate, request }: Visit) => {
      const { user, risk } = Object(request.body);
      const approval = await gate.require(request, {
        action: risk === 'high' ? 'createPayment' : 'viewPayments',
        subject: () => user,
        bind: () => ({ user }),
      });
      return { done: true, approval };
    }),
    open('post', '/forgetful', async ({ gate, request }: Visit) => {
      await gate.require(request, {});
      return { done: true };
    }),
    open('post', '/ungated', () => ({ done: true })),
  ],
};
const story = storiesOf(bank);
const note: Sending = { path: '/notes', body: { text: 'hello' } };

const malformed: readonly (readonly [string, string | string[]])[] = [
  ['is empty', ''],
  ['holds two tokens', 'aaa.bbb.ccc ddd.eee.fff'],
  ['has a scheme', 'Bearer aaa.bbb.ccc'],
  ['holds commas', 'aaa,bbb'],
  ['was sent twice', ['aaa.bbb.ccc', 'aaa.bbb.ccc']],
  ['is 8,193 characters long', 'a'.repeat(8_193)],
  ['holds a line break in disguise', 'aaa%0d%0aSet-Cookie:x'],
  ['holds letters beyond ASCII', 'aaa.b\u00e9b.ccc'],
  ['holds quotes', '"aaa.bbb.ccc"'],
  ['holds JSON', '{"token":"aaa"}'],
  ['starts with what only may end it', '=aaa'],
  ['holds a tab', 'aaa\tbbb'],
];

const headers = malformed.map(([name, value]) =>
  story(`a proof header that ${name} is no proof and causes no call`, async (customer) => {
    const before = customer.calls('validate');
    const answer = await customer.send({ ...note, headers: { 'step-up-proof': value } });
    expectRefusal(answer, 403, 'step_up_required', { reason: 'proof_invalid' });
    expect(customer.calls('validate')).toBe(before);
    expect(customer.event('proof_refused')).toMatchObject({ reason: 'proof_invalid' });
    expect(customer.runs).toBe(0);
  }),
);

const tokens: readonly Scenario[] = [
  story('8,192 characters are asked about', async (customer) => {
    const before = customer.calls('validate');
    const proof = 'a'.repeat(8_192);
    const answer = await customer.send({ ...note, proof });
    expectRefusal(answer, 403, 'step_up_required', { reason: 'proof_invalid' });
    expect(customer.calls('validate')).toBe(before + 1);
  }),
  story('a good proof sent twice in one request is no proof', async (customer) => {
    const proof = await customer.proofFor(note);
    const twice = { ...note, headers: { 'step-up-proof': [proof, proof] } };
    expectRefusal(await customer.send(twice), 403, 'step_up_required', { reason: 'proof_invalid' });
    expectApproval(await customer.send({ ...note, proof }), 'challenge');
  }),
];

const NASTY = ['../../admin?x=1#', '/', '...', '%2e%2e%2f', 'a b', '"quoted"', 'āņņ@bank.test'];
const users = NASTY.map((id) =>
  story(
    `the user id ${id} is one like any other`,
    async (customer) => {
      const proof = await customer.proofFor(note);
      const answer = await customer.send({ ...note, proof });
      expectApproval(answer, 'challenge', { subject: id });
      expect(customer.emulator.actions.records({ userId: id }).length).toBeGreaterThan(0);
      expect(customer.runs).toBe(1);
    },
    { id },
  ),
);
const unspeakable = ['.', '..'].map((id) =>
  story(
    `the user id ${id}, which no path can hold, is refused before anything is sent`,
    async (customer) => {
      const before = customer.calls('track') + customer.calls('unknown');
      expectRefusal(await customer.send(note), 500, 'step_up_misconfigured');
      expect(customer.calls('track') + customer.calls('unknown')).toBe(before);
      expect(customer.runs).toBe(0);
    },
    { id },
  ),
);
const numberAsId: Scenario = story(
  'a phone number as user id works, and is masked in events',
  async (customer) => {
    expectApproval(await customer.send({ path: '/notes/1', method: 'get' }), 'rules', {
      subject: customer.id,
    });
    expect(customer.event('approved')?.subject).toBe('+64••••0199');
    customer.town.ledger.secret(customer.id);
    // The handler of this suite answers with the whole approval; no refusal would.
    customer.town.ledger.answers.pop();
  },
  { id: '+64215550199' },
);

async function expectBoundAs(customer: Customer, first: Sending, changed: Sending): Promise<void> {
  const proof = await customer.proofFor(first);
  expectRefusal(await customer.send({ ...changed, proof }), 403, 'step_up_required', {
    reason: 'binding_mismatch',
  });
  const answer = await customer.send({ ...first, proof });
  expect(answer.status).toBe(201);
  expect(customer.runs).toBe(1);
}

const bodies: readonly Scenario[] = [
  story('text is bound by its hash', async (customer) => {
    const text = { path: '/notes', type: 'text/plain' };
    await expectBoundAs(customer, { ...text, body: 'pay ann' }, { ...text, body: 'pay eve' });
  }),
  story('bytes are bound by their hash', async (customer) => {
    const bytes = { path: '/notes', type: 'application/octet-stream' };
    await expectBoundAs(
      customer,
      { ...bytes, body: Buffer.from([0, 255, 1]) },
      { ...bytes, body: Buffer.from([0, 255, 2]) },
    );
  }),
  story('a form is bound field by field', async (customer) => {
    const form = { path: '/notes', type: 'application/x-www-form-urlencoded' };
    await expectBoundAs(customer, { ...form, body: 'a=1&b=2' }, { ...form, body: 'a=1&b=3' });
  }),
  story('text is not taken for the JSON that says the same', async (customer) => {
    const text = { path: '/notes', type: 'text/plain', body: '"hello"' };
    const json = { path: '/notes', type: 'application/json', body: '["hello"]' };
    await expectBoundAs(customer, text, json);
  }),
  story('a body that nothing parsed is refused, with and without `bind`', async (customer) => {
    const before = customer.calls('track');
    for (const path of ['/notes', '/bound?to=ann']) {
      for (const type of ['application/x-unread', 'multipart/form-data; boundary=x']) {
        const body = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';
        expectRefusal(await customer.send({ path, type, body }), 500, 'step_up_misconfigured');
      }
    }
    expect(customer.calls('track')).toBe(before);
    expect(customer.event('body_unread')).toBeDefined();
    const lines = customer.town.ledger.lines.join('\n');
    expect(lines).toContain('Put the body parser for its content type before the gate');
    expect(customer.runs).toBe(0);
  }),
  story('a body nested without end is refused', async (customer) => {
    const body = `${'['.repeat(70)}${']'.repeat(70)}`;
    const answer = await customer.send({ path: '/notes', type: 'application/json', body });
    expectRefusal(answer, 400, 'request_invalid');
  }),
];

const inHandlers: readonly Scenario[] = [
  story('`gate.require` in a handler: by rules', async (customer) => {
    const login = { path: '/login', body: { user: customer.id, risk: 'low' }, as: null };
    expectApproval(await customer.send(login), 'rules', { subject: customer.id });
  }),
  story('`gate.require` in a handler: challenged, proven, once', async (customer) => {
    const login = { path: '/login', body: { user: customer.id, risk: 'high' }, as: null };
    const proof = await customer.proofFor(login);
    expectApproval(await customer.send({ ...login, proof }), 'challenge', {
      method: 'WHATSAPP',
      bound: { user: customer.id },
    });
    expectRefusal(await customer.send({ ...login, proof }), 409, 'step_up_consumed');
    const other = { ...login, body: { user: 'somebody-else', risk: 'high' } };
    expectRefusal(await customer.send({ ...other, proof }), 403, 'step_up_enrollment_required');
  }),
  story('`gate.require` in a handler: every other refusal', async (customer) => {
    const nobody = { path: '/login', body: { risk: 'low' }, as: null };
    expectRefusal(await customer.send(nobody), 401, 'step_up_unauthenticated');
    customer.emulator.faults.add({ kind: 'status', match: { call: 'track' } });
    const login = { path: '/login', body: { user: customer.id, risk: 'low' }, as: null };
    const answer = await customer.send(login);
    expectRefusal(answer, 503, 'step_up_unavailable');
    expect(answer.headers['retry-after']).toBe('5');
  }),
  story('a policy that cannot be right is a coded error in the log, and 500', async (customer) => {
    const answer = await customer.sendQuietly({ path: '/forgetful' });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('done');
    expect(customer.town.ledger.lines.join('\n')).toContain(
      'An action is an Authsignal action code',
    );
  }),
  story('a route without a gate is left alone', async (customer) => {
    const answer = await customer.send({ path: '/ungated', as: null });
    expect(answer.json).toEqual({ done: true });
    expect(customer.eventTypes).toEqual([]);
  }),
];

const sessions: Partial<StepUpGateOptions> = {
  session: ({ raw }: { readonly raw: SignedInRequest }) => raw.sessionId,
};
const sessionBank: Bank = {
  options: () => sessions,
  routes: [guarded('post', '/notes', 'createPayment')],
};
const inSession = storiesOf(sessionBank);
const sessionStories: readonly Scenario[] = [
  inSession('a proof is worth nothing in another session', async (customer) => {
    const proof = await customer.prove(await customer.challenge({ ...note, session: 's-1' }));
    const other = await customer.send({ ...note, proof, session: 's-2' });
    expectRefusal(other, 403, 'step_up_required', { reason: 'binding_mismatch' });
    expect(customer.runs).toBe(0);
    expectApproval(await customer.send({ ...note, proof, session: 's-1' }), 'challenge');
  }),
  inSession('a session that is given but empty is nobody', async (customer) => {
    expectRefusal(await customer.send(note), 401, 'step_up_unauthenticated');
    const empty = await customer.send({ ...note, session: 'undefined' });
    expectRefusal(empty, 401, 'step_up_unauthenticated');
    expect(customer.runs).toBe(0);
  }),
];

const OLD = 'the-secret-of-last-year';
const NEW = 'the-secret-of-this-year';
const keyed = (options: Partial<StepUpGateOptions>): Bank => ({
  options: () => options,
  routes: [guarded('post', '/notes', 'createPayment')],
});

export const messages: readonly Scenario[] = [
  ...headers,
  ...tokens,
  ...users,
  ...unspeakable,
  numberAsId,
  ...bodies,
  ...inHandlers,
  ...sessionStories,
];

/** Gates that share a tenant and a customer: where the proof comes from, and what it is worth. */
export const keyings: readonly (readonly [string, Bank, Bank, boolean])[] = [
  [
    'a secret that was changed still counts as a previous one',
    keyed({ secret: OLD }),
    keyed({ secret: NEW, previousSecrets: [OLD] }),
    true,
  ],
  [
    'a secret that is not among the previous ones counts no more',
    keyed({ secret: OLD }),
    keyed({ secret: NEW, previousSecrets: ['the-secret-of-somebody-else'] }),
    false,
  ],
  [
    'another audience on the same tenant',
    keyed({ audience: 'staging' }),
    keyed({ audience: 'production' }),
    false,
  ],
  ['the same keys in another process', keyed({ secret: NEW }), keyed({ secret: NEW }), true],
];
