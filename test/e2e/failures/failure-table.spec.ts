import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { expectRefusal } from '../../support/customer.js';
import { foundTown } from '../../support/scenarios.js';
import { TENANT } from '../whatsapp/scenarios/desk.js';
import { faultOf } from './faults.js';
import { CHALLENGE, CLAIM, ENROLL, VERIFY } from './flow-tables.js';
import { type Expected, expectedIn } from './outcomes.js';
import {
  type Asking,
  claiming,
  enrolling,
  paying,
  resending,
  type Situation,
  starting,
  verifying,
  viewing,
} from './situations.js';
import { type Table, TRACK, UPDATE_ACTION, VALIDATE } from './tables.js';
import { TownInTrouble } from './town-in-trouble.js';

const { actions, ...rest } = TENANT;
const town = foundTown({
  ...rest,
  actions: { ...actions, view: { outcome: 'ALLOW' }, pay: { outcome: 'CHALLENGE' } },
});

let trouble: TownInTrouble;
beforeAll(async () => {
  trouble = await TownInTrouble.found(town());
});
afterEach(() => {
  town().emulator.faults.clear();
  trouble.end();
});
afterAll(() => trouble.close());

/** Who plays a column. */
type Players<T extends Table> = Readonly<
  Record<T['columns'][number], Readonly<Record<string, Situation>>>
>;

interface Case {
  readonly title: string;
  readonly table: Table;
  readonly fault: string;
  readonly expected: Expected;
  readonly situation: Situation;
  readonly whenUnavailable: 'deny' | 'allow';
}

function casesOf<T extends Table>(table: T, players: Players<T>): Case[] {
  return table.rows.flatMap(([fault, ...cells]) =>
    table.columns.flatMap((column, index) => {
      const expected = expectedIn(cells[index] ?? '');
      const named: Readonly<Record<string, Situation>> = Reflect.get(players, column);
      return expected === undefined
        ? []
        : Object.entries(named).flatMap(([name, situation]) =>
            defaultsOf(name).map((whenUnavailable) => ({
              title: `${fault}: ${name}${whenUnavailable === 'deny' ? ' under deny' : ''}: ${cells[index]}`,
              table,
              fault,
              expected,
              situation,
              whenUnavailable,
            })),
          );
    }),
  );
}

/** Flows run on a gate that opens; one of each kind on one that does not, too. */
const TWICE = ['sign-in', 'first number'];
const defaultsOf = (name: string): readonly ('deny' | 'allow')[] =>
  TWICE.includes(name) ? ['allow', 'deny'] : ['allow'];

const only = (name: string, situation: Situation) => ({ [name]: situation });

const TABLES: readonly (readonly [Table, readonly Case[]])[] = [
  [
    TRACK,
    casesOf(TRACK, {
      deny: only('deny', viewing('deny')),
      allow: only('allow', viewing('allow')),
      'allow and requireChallenge': only('must', viewing('allow and requireChallenge')),
      'allow, sent with a proof': only('allow, proof', viewing('allow', 'a.b.c')),
    }),
  ],
  [
    UPDATE_ACTION,
    casesOf(UPDATE_ACTION, {
      'deny and requireChallenge': only('deny', viewing('deny and requireChallenge')),
      'allow and requireChallenge': only('allow', viewing('allow and requireChallenge')),
    }),
  ],
  [
    VALIDATE,
    casesOf(VALIDATE, {
      deny: only('deny', paying('deny')),
      allow: only('allow', paying('allow')),
      'allow and requireChallenge': only('must', paying('allow and requireChallenge')),
    }),
  ],
  [
    CHALLENGE,
    casesOf(CHALLENGE, {
      'sign-in, enrollment, phone number, resend': {
        'sign-in': starting('sign-in'),
        enrollment: starting('enrollment'),
        'phone number': starting('phone-number'),
        resend: resending,
      },
    }),
  ],
  [
    VERIFY,
    casesOf(VERIFY, {
      'sign-in': only('sign-in', verifying('sign-in')),
      enrollment: only('enrollment', verifying('enrollment')),
      'phone number': only('phone number', verifying('phone-number')),
    }),
  ],
  [CLAIM, casesOf(CLAIM, { 'sign-in': only('sign-in', claiming) })],
  [
    ENROLL,
    casesOf(ENROLL, {
      'first number': only('first number', enrolling('first')),
      'another number, with a proof': only('another number', enrolling('another')),
    }),
  ],
];

describe.each(TABLES.map(([table, cases]) => ({ ...table, cases })))(
  '$title fails',
  ({ call, cases }) => {
    it.each(cases)('$title', async ({ fault: name, expected, situation, whenUnavailable }) => {
      const { emulator } = town();
      const { deadline, fault, retryAfter = '5' } = faultOf(name);
      const asking = await situation({ town: town(), trouble, whenUnavailable });
      const arrived = emulator.requests.count(call);
      const sent = messagesTo(asking);
      if (fault !== undefined) {
        emulator.faults.add({ ...fault, match: { call } });
      }
      trouble.begin(call, deadline);
      const answer = await asking.ask();
      trouble.end();
      const { outcome, messages } = expected;
      expect(outcome.status).toContain(answer.status);
      if (outcome.code !== undefined) {
        expectRefusal(answer, answer.status, outcome.code);
      }
      if (expected.name === 'unavailable' || expected.name === 'send limited') {
        expect(answer.headers['retry-after']).toBe(retryAfter);
      }
      expect(answer.json.reason).toBe(
        expected.name === 'new challenge' ? 'proof_invalid' : undefined,
      );
      expect(asking.runs()).toBe(outcome.ran ? 1 : 0);
      if (messages === 1 && asking.phone !== undefined) {
        // What is done after the deadline leaves a moment later than the answer.
        await emulator.inbox.waitForCode(asking.phone);
      }
      expect(emulator.requests.count(call) - arrived).toBe(expected.arrived);
      expect(messagesTo(asking) - sent).toBe(messages ?? 0);
      emulator.faults.clear();
      await asking.afterwards?.(answer, expected.name);
    });
  },
);

function messagesTo({ phone }: Asking): number {
  return phone === undefined ? 0 : town().emulator.inbox.messages(phone).length;
}

describe('the tables', () => {
  it('hold 150 cases at least', () => {
    expect(TABLES.flatMap(([, cases]) => cases).length).toBeGreaterThanOrEqual(150);
  });

  it('hold no secret, no number, no code and no token in what was told', () => {
    town().ledger.expectNothingLeaked();
  });
});
