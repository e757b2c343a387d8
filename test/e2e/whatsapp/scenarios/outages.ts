import { expect } from '@jest/globals';
import { HttpAuthsignal } from 'authsignal-guard';
import type { CallName, Fault } from 'authsignal-guard/emulator';
import { NO_SEND_LIMITS } from '../../../support/application.js';
import { type Answer, expectRefusal } from '../../../support/customer.js';
import type { NumberOwner } from '../../../support/number-owner.js';
import { CODE_FLOWS, type CodeFlowCase, Desk, proofFor, story, UNENROLLED } from './desk.js';

/** Deadlines are real time, so whoever waits for one here waits shortly. */
const impatient = new Desk({ options: () => ({ timeoutMs: 250, sendTimeoutMs: 250 }) });
const patient = { story };

interface Outage {
  readonly name: string;
  readonly fault: Fault;
  readonly at: { readonly story: typeof story };
  readonly status: number;
  readonly code: string;
  /** Whether a message left all the same. */
  readonly sent: number;
}

const outage = (
  name: string,
  fault: Fault,
  sent = 0,
  [status, code]: readonly [number, string] = [503, 'step_up_unavailable'],
  at: Outage['at'] = patient,
): Outage => ({ name, fault, at, status, code, sent });

const MISCONFIGURED = [500, 'step_up_misconfigured'] as const;
const UNAVAILABLE = [503, 'step_up_unavailable'] as const;

const sends: readonly Outage[] = [
  outage('answers 500', { kind: 'status' }),
  outage('answers 503 with a page', { kind: 'html', status: 503 }),
  outage('resets the connection', { kind: 'reset-before' }),
  outage('resets the connection after it has sent', { kind: 'reset-after' }, 1),
  outage('breaks its answer off', { kind: 'truncated' }, 1),
  outage('hangs', { kind: 'hang' }, 0, UNAVAILABLE, impatient),
  outage('hangs within its answer', { kind: 'slow-body' }, 1, UNAVAILABLE, impatient),
  outage('answers nothing', { kind: 'empty' }),
  outage('answers half a JSON', { kind: 'malformed-json' }),
  outage('leaves the challenge out', { kind: 'missing-fields', fields: ['challengeId'] }, 1),
  outage('answers other types', { kind: 'wrong-types', fields: ['challengeId'] }, 1),
  outage('redirects', { kind: 'redirect' }, 0, MISCONFIGURED),
  outage('answers 401', { kind: 'status', status: 401 }, 0, MISCONFIGURED),
  outage('answers 403', { kind: 'status', status: 403 }, 0, MISCONFIGURED),
  outage('answers 404', { kind: 'status', status: 404 }, 0, MISCONFIGURED),
  outage('takes no such number', { kind: 'status', status: 400 }, 0, [422, 'phone_not_allowed']),
];

/** Waiting for a deadline takes its time, so one flow does it for all. */
const isFor =
  (flow: CodeFlowCase['flow']) =>
  ({ at }: Outage): boolean =>
    at === patient || flow === 'sign-in';

const challengesTo = (owner: NumberOwner, phone: string) => owner.callsWith('challenge', phone);

const whileSending = ({ flow, customer }: CodeFlowCase) => [
  ...sends.filter(isFor(flow)).map(({ name, fault, at, status, code, sent }) =>
    at.story(
      `${flow}: Authsignal ${name} where it should send: asked once`,
      async (owner) => {
        const phone = owner.newPhone();
        const proof = await proofFor(owner, flow, phone);
        owner.emulator.faults.add({ ...fault, match: { call: 'challenge' } });
        const answer = await owner.start(flow, phone, proof);
        expectRefusal(answer, status, code);
        expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
        expect(challengesTo(owner, phone)).toHaveLength(1);
        expect(owner.messages(phone)).toBe(sent);
        expect(owner.customer.event('authsignal_failed')).toMatchObject({
          failure: { call: 'challenge' },
        });
        owner.emulator.faults.clear();
        expect((await owner.start(flow, phone, proof)).status).toBe(200);
        expect(challengesTo(owner, phone)).toHaveLength(2);
      },
      customer,
    ),
  ),
  ...[
    [{ 'retry-after': '7' }, '7'],
    [{}, '60'],
  ].map(([headers, seconds]) =>
    story(
      `${flow}: Authsignal sends no more for ${seconds} seconds`,
      async (owner) => {
        const phone = owner.newPhone();
        const proof = await proofFor(owner, flow, phone);
        const fault = { kind: 'status', status: 429, headers: Object(headers) } as const;
        owner.emulator.faults.add({ ...fault, match: { call: 'challenge' } });
        const answer = await owner.start(flow, phone, proof);
        expectRefusal(answer, 429, 'otp_send_limited');
        expect(answer.headers['retry-after']).toBe(seconds);
        expect(owner.customer.event('otp_send_limited')).toMatchObject({ limit: 'provider' });
        expect(owner.messages(phone)).toBe(0);
      },
      customer,
    ),
  ),
  story(
    `${flow}: Authsignal resets the connection after it has resent`,
    async (owner) => {
      const begun = await owner.begin(flow);
      owner.emulator.faults.add({ kind: 'reset-after', match: { call: 'challenge' }, times: 1 });
      expectRefusal(await owner.resend(begun.handle), 503, 'step_up_unavailable');
      expect(owner.messages(begun.phone)).toBe(2);
      expect((await owner.finish(begun)).status).toBe(200);
    },
    customer,
  ),
];

const checks: readonly Outage[] = [
  outage('answers 500', { kind: 'status' }),
  outage('answers with a page', { kind: 'html' }),
  outage('resets the connection', { kind: 'reset-before' }),
  outage('hangs', { kind: 'hang' }, 0, UNAVAILABLE, impatient),
  outage('answers 429', { kind: 'status', status: 429 }),
  outage('answers 401', { kind: 'status', status: 401 }, 0, MISCONFIGURED),
  outage('redirects', { kind: 'redirect' }, 0, MISCONFIGURED),
  outage('answers half a JSON', { kind: 'malformed-json' }),
  outage('answers nothing', { kind: 'empty' }),
];

const whileChecking = ({ flow, customer }: CodeFlowCase) => [
  ...checks.filter(isFor(flow)).map(({ name, fault, at, status, code }) =>
    at.story(
      `${flow}: Authsignal ${name} where it should check: the code stays good`,
      async (owner, app) => {
        const begun = await owner.begin(flow);
        const right = await owner.code(begun.phone);
        owner.emulator.faults.add({ ...fault, match: { call: 'verify' }, times: 2 });
        const asked = owner.customer.calls('verify');
        for (const _again of [1, 2]) {
          expectRefusal(await owner.verify(flow, begun.handle, right), status, code);
        }
        expect(owner.customer.calls('verify')).toBe(asked + 2);
        expect([app.changes, app.lookups]).toEqual([[], []]);
        expect((await owner.verify(flow, begun.handle, right)).status).toBe(200);
      },
      customer,
    ),
  ),
  story(
    `${flow}: an outage uses up no attempt`,
    async (owner) => {
      const begun = await owner.begin(flow);
      const right = await owner.code(begun.phone);
      owner.emulator.faults.add({ kind: 'status', match: { call: 'verify' }, times: 12 });
      for (const _again of Array.from({ length: 12 })) {
        const answer = await owner.verify(flow, begun.handle, right);
        expectRefusal(answer, 503, 'step_up_unavailable');
      }
      expect((await owner.verify(flow, begun.handle, right)).status).toBe(200);
    },
    customer,
  ),
  story(
    `${flow}: an answer that says verified in another type is none`,
    async (owner, app) => {
      const begun = await owner.begin(flow);
      const bodies = [{ isVerified: 'true' }, { isVerified: 1 }, {}, { isVerified: null }];
      for (const body of bodies) {
        const match = { call: 'verify' } as const;
        owner.emulator.faults.add({ kind: 'status', status: 200, body, match, times: 1 });
        const answer = await owner.verify(flow, begun.handle, '123456');
        expectRefusal(answer, 503, 'step_up_unavailable');
      }
      expect([app.changes, app.lookups]).toEqual([[], []]);
    },
    customer,
  ),
  story(
    `${flow}: Authsignal's own count of attempts is told as ours`,
    async (owner) => {
      const begun = await owner.begin(flow);
      const body = { isVerified: false, failureReason: 'MAX_ATTEMPTS_EXCEEDED' };
      const match = { call: 'verify' } as const;
      owner.emulator.faults.add({ kind: 'status', status: 200, body, match });
      const answer = await owner.verify(flow, begun.handle, '123456');
      expectRefusal(answer, 429, 'otp_attempts_exceeded');
      expect(answer.headers['retry-after']).toBe('300');
    },
    customer,
  ),
  story(
    `${flow}: the connection dies after the right code was taken: what came about is told, once`,
    async (owner, app) => {
      const begun = await owner.begin(flow);
      owner.emulator.faults.add({ kind: 'reset-after', match: { call: 'verify' }, times: 1 });
      const code = await owner.code(begun.phone);
      const answer = await owner.verify(flow, begun.handle, code);
      if (flow === 'sign-in') {
        // Nobody else knows whether the code was right, so nobody is signed in.
        expectRefusal(answer, 503, 'step_up_unavailable');
        expect(app.changes).toEqual([]);
      } else {
        expect(answer.status).toBe(200);
        expectRefusal(await owner.verify(flow, begun.handle, code), 400, 'handle_invalid');
        expect(app.changes).toMatchObject([{ phoneNumber: begun.phone }]);
      }
      expect(app.lookups).toEqual([]);
      expect(owner.messages(begun.phone)).toBe(1);
    },
    customer,
  ),
];

const reads: readonly (readonly [string, CallName, (owner: NumberOwner) => Promise<Answer>])[] = [
  ['getUser', 'getUser', (owner) => owner.status()],
  ['getAuthenticators', 'getAuthenticators', (owner) => owner.status()],
];

const whileReading = [
  ...reads.map(([name, call, ask]) =>
    story(`the status while ${name} fails`, async (owner) => {
      for (const [fault, status, code] of [
        [{ kind: 'status' }, 503, 'step_up_unavailable'],
        [{ kind: 'reset-after' }, 503, 'step_up_unavailable'],
        [{ kind: 'malformed-json' }, 503, 'step_up_unavailable'],
        [{ kind: 'status', status: 401 }, 500, 'step_up_misconfigured'],
      ] as const) {
        const remove = owner.emulator.faults.add({ ...fault, match: { call } });
        expectRefusal(await ask(owner), status, code);
        remove();
      }
      expect((await ask(owner)).status).toBe(200);
    }),
  ),
  story(
    'enrollment: while nobody can tell whether there is a factor, none is added',
    async (owner) => {
      const begun = await owner.begin('enrollment');
      const code = await owner.code(begun.phone);
      owner.emulator.faults.add({ kind: 'status', match: { call: 'getUser' } });
      const answer = await owner.verify('enrollment', begun.handle, code);
      expectRefusal(answer, 503, 'step_up_unavailable');
      expect(owner.enrolled).toEqual([]);
      owner.emulator.faults.clear();
      expect((await owner.verify('enrollment', begun.handle, code)).status).toBe(200);
    },
    UNENROLLED,
  ),
];

const counting = new Desk({
  flows: { limits: { ...NO_SEND_LIMITS, number: [{ max: 1, windowMs: 600_000 }] } },
});

const limits = [
  ...(
    [
      ['answers 503', { kind: 'status', status: 503 }, 200],
      ['answers 500 after it has sent', { kind: 'status', process: true }, 429],
      ['answers 429', { kind: 'status', status: 429 }, 200],
      ['answers 401', { kind: 'status', status: 401 }, 200],
      ['resets after it has sent', { kind: 'reset-after' }, 429],
      ['breaks its answer off', { kind: 'truncated' }, 429],
    ] as const
  ).map(([name, fault, then]) =>
    counting.story(
      `Authsignal ${name}: the message ${then === 200 ? 'is given back' : 'counts'}`,
      async (owner) => {
        const phone = owner.newPhone();
        owner.emulator.faults.add({ ...fault, match: { call: 'challenge' }, times: 1 });
        expect((await owner.start('sign-in', phone)).status).toBeGreaterThan(400);
        expect((await owner.start('sign-in', phone)).status).toBe(then);
        expect(owner.messages(phone)).toBe(1);
      },
      UNENROLLED,
    ),
  ),
];

const unreachable = new Desk({
  options: () => ({
    authsignal: new HttpAuthsignal({ apiSecretKey: 'nobody', apiUrl: 'http://127.0.0.1:9/v1' }),
    secret: 'key-material-of-the-bank',
  }),
});

const refusing = [
  unreachable.story('Authsignal is not there at all', async (owner, app) => {
    app.records.set(owner.customer.id, owner.newPhone());
    const answers = [
      await owner.status(),
      await owner.start('enrollment', owner.newPhone()),
      await owner.start('phone-number', owner.newPhone()),
      await owner.start('sign-in', owner.newPhone()),
      await owner.post('/verified-number', {}),
    ];
    for (const answer of answers) {
      expectRefusal(answer, 503, 'step_up_unavailable');
    }
  }),
];

export const outageScenarios = [
  ...CODE_FLOWS.flatMap(whileSending),
  ...CODE_FLOWS.flatMap(whileChecking),
  ...whileReading,
  ...limits,
  ...refusing,
];
