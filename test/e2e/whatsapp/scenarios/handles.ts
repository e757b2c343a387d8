import { expect } from '@jest/globals';
import { HttpAuthsignal, type StepUpGateOptions } from 'authsignal-guard';
import { Customer, expectRefusal } from '../../../support/customer.js';
import { type Begun, NumberOwner } from '../../../support/number-owner.js';
import { CODE_FLOWS, type CodeFlowCase, Desk, story } from './desk.js';

/** A character is changed where all of its bits count. */
function tampered(handle: string, segment: number): string {
  const segments = handle.split('.');
  const old = segments[segment] ?? '';
  const changed = `${old.startsWith('A') ? 'B' : 'A'}${old.slice(1)}`;
  return segments.map((each, index) => (index === segment ? changed : each)).join('.');
}

const PART_NAMES = ['header', 'key', 'vector', 'content', 'tag'];

/** Refused on every route of its flow, and nothing else happened. */
async function expectUseless(owner: NumberOwner, begun: Begun, handle: string): Promise<void> {
  const { flow, phone } = begun;
  const code = await owner.code(phone);
  const asked = owner.customer.calls('verify');
  expectRefusal(await owner.verify(flow, handle, code), 400, 'handle_invalid');
  expectRefusal(await owner.resend(handle), 400, 'handle_invalid');
  expect(owner.customer.calls('verify')).toBe(asked);
  expect(owner.messages(phone)).toBe(1);
  const own = await owner.verify(flow, begun.handle, code);
  expect(own.status).toBe(200);
}

const ofEachFlow = ({ flow, customer, isOfUser, others }: CodeFlowCase) => [
  ...PART_NAMES.map((part, segment) =>
    story(
      `${flow}: a handle with another ${part}`,
      async (owner) => {
        const begun = await owner.begin(flow);
        await expectUseless(owner, begun, tampered(begun.handle, segment));
        expect(owner.customer.event('handle_refused')).toMatchObject({ why: 'unreadable' });
      },
      customer,
    ),
  ),
  story(
    `${flow}: handles that are none, and a raw challenge id`,
    async (owner) => {
      const begun = await owner.begin(flow);
      const challengeId = owner.emulator.inbox.latest(begun.phone)?.challengeId ?? '';
      const code = await owner.code(begun.phone);
      for (const handle of [challengeId, 'x', 'a.b.c.d.e', begun.handle.slice(0, -1)]) {
        expectRefusal(await owner.verify(flow, handle, code), 400, 'handle_invalid');
        expectRefusal(await owner.resend(handle), 400, 'handle_invalid');
      }
      expect(owner.messages(begun.phone)).toBe(1);
    },
    customer,
  ),
  story(
    `${flow}: a handle that was used`,
    async (owner, app) => {
      const begun = await owner.begin(flow);
      const code = await owner.code(begun.phone);
      expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
      const done = [app.changes.length, app.sessions.length];
      for (const again of [code, '000000']) {
        expectRefusal(await owner.verify(flow, begun.handle, again), 400, 'handle_invalid');
      }
      expectRefusal(await owner.resend(begun.handle), 400, 'handle_invalid');
      expect([app.changes.length, app.sessions.length]).toEqual(done);
      expect(owner.messages(begun.phone)).toBe(1);
    },
    customer,
  ),
  story(
    `${flow}: a used handle stays used where Authsignal takes the code again`,
    async (owner, app) => {
      const begun = await owner.begin(flow);
      const resent = owner.handleIn(await owner.resend(begun.handle));
      const code = await owner.code(begun.phone);
      const { switches } = owner.emulator;
      switches.verifyAgain = 'succeed';
      try {
        expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
        const done = [app.changes.length, app.sessions.length];
        for (const handle of [begun.handle, resent]) {
          expectRefusal(await owner.verify(flow, handle, code), 400, 'handle_invalid');
        }
        expect([app.changes.length, app.sessions.length]).toEqual(done);
      } finally {
        switches.verifyAgain = 'refuse';
      }
    },
    customer,
  ),
  ...others.map((other) =>
    story(
      `${flow}: a handle of ${other}`,
      async (owner) => {
        const begun = await owner.begin(flow);
        const code = await owner.code(begun.phone);
        const answer = await owner.verify(other, begun.handle, code);
        expectRefusal(answer, 400, 'handle_invalid');
        expect(owner.customer.event('handle_refused')).toMatchObject({ why: 'foreign' });
        expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
      },
      customer,
    ),
  ),
  ...(isOfUser ? ofUsers(flow, customer) : []),
];

const ofUsers = (flow: CodeFlowCase['flow'], customer: CodeFlowCase['customer']) => [
  story(
    `${flow}: a handle of another user`,
    async (owner) => {
      const begun = await owner.begin(flow);
      const code = await owner.code(begun.phone);
      const other = new Customer(owner.customer.host, owner.customer.town, customer);
      const thief = new NumberOwner(other, owner.app);
      const stolen = [
        await thief.verify(flow, begun.handle, code),
        await thief.resend(begun.handle),
        await owner.verify(flow, begun.handle, code, { as: thief.customer.id }),
      ];
      for (const answer of stolen) {
        expectRefusal(answer, 400, 'handle_invalid');
      }
      expect(thief.enrolled).not.toContain(begun.phone);
      expect(owner.messages(begun.phone)).toBe(1);
      expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
    },
    customer,
  ),
  story(
    `${flow}: a handle of another session`,
    async (owner) => {
      const begun = await owner.begin(flow, undefined, { session: 'one' });
      const code = await owner.code(begun.phone);
      for (const more of [{ session: 'two' }, {}]) {
        const answer = await owner.verify(flow, begun.handle, code, more);
        expectRefusal(answer, 400, 'handle_invalid');
        expectRefusal(await owner.resend(begun.handle, more), 400, 'handle_invalid');
      }
      expect(owner.messages(begun.phone)).toBe(1);
      const own = await owner.verify(flow, begun.handle, code, { session: 'one' });
      expect(own.status).toBe(200);
    },
    customer,
  ),
  story(
    `${flow}: nobody is signed in`,
    async (owner) => {
      const nobody = { as: null };
      const begun = await owner.begin(flow);
      const code = await owner.code(begun.phone);
      const answers = [
        await owner.start(flow, owner.newPhone(), nobody),
        await owner.verify(flow, begun.handle, code, nobody),
        await owner.resend(begun.handle, nobody),
      ];
      for (const answer of answers) {
        expectRefusal(answer, 401, 'step_up_unauthenticated');
      }
      expect(owner.messages(begun.phone)).toBe(1);
      expect((await owner.verify(flow, begun.handle, code)).status).toBe(200);
    },
    customer,
  ),
];

const FIRST = 'the-first-secret-of-the-bank';
const SECOND = 'the-second-secret-of-the-bank';

const keyed = (given: Partial<StepUpGateOptions>) =>
  new Desk({
    options: ({ secret, apiUrl }) => ({
      authsignal: new HttpAuthsignal({ apiSecretKey: secret, apiUrl }),
      ...given,
    }),
  });

const oldSecret = keyed({ secret: FIRST });
const newSecret = keyed({ secret: SECOND });
const bothSecrets = keyed({ secret: SECOND, previousSecrets: [FIRST] });
const otherAudience = keyed({ secret: FIRST, audience: 'https://other.test' });

/** Which application begins a flow, which one gets its handle, and whether it counts there. */
export const keyings: readonly (readonly [string, Desk, Desk, boolean])[] = [
  ['the same secret', oldSecret, keyed({ secret: FIRST }), true],
  ['a previous secret', oldSecret, bothSecrets, true],
  ['another secret', oldSecret, newSecret, false],
  ['a secret yet to come', newSecret, oldSecret, false],
  ['another audience', oldSecret, otherAudience, false],
];

export const handleScenarios = CODE_FLOWS.flatMap(ofEachFlow);
