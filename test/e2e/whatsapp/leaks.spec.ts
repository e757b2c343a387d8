import { describe, expect, it } from '@jest/globals';
import { MemoryReplayStore } from 'authsignal-guard';
import { Keyring } from '../../../src/core/keyring.js';
import { expectRefusal } from '../../support/customer.js';
import { type NumberOwner, wrong } from '../../support/number-owner.js';
import { foundTown, playScenarios, type Scenario } from '../../support/scenarios.js';
import { stopTime } from '../../support/stopped-time.js';
import { CODE_FLOWS, Desk, TENANT, UNENROLLED } from './scenarios/desk.js';
import { FlakyStore } from './scenarios/flaky-store.js';

const KEYS = { secret: 'the-key-material-of-the-bank', audience: 'https://bank.test' };
const OLD_SECRET = 'the-key-material-before-it';
const time = stopTime();
const town = foundTown(TENANT);

/** What must not be seen, and grows as the stories go on. */
const phones = new Set<string>();
const claimTokens = new Set<string>();

const limitStore = new FlakyStore();
const replay = { isBroken: false, error: '' };
const memory = new MemoryReplayStore();
const heard = { events: 0 };

/** An application whose every part fails with words that hold all it should keep to itself. */
const loud = new Desk({
  flows: { limits: {}, limitStore },
  options: ({ secret }) => ({
    ...KEYS,
    previousSecrets: [OLD_SECRET],
    replayStore: {
      burn: (...given) => {
        if (replay.isBroken) {
          throw new Error(replay.error);
        }
        return memory.burn(...given);
      },
      restore: (...given) => memory.restore(...given),
    },
    onEvent: (event) => {
      town().ledger.report(event);
      heard.events += 1;
      if (event.type === 'otp_wrong') {
        throw new Error(`${[...phones].at(-1)} ${secret} ${KEYS.secret}`);
      }
    },
  }),
});

/** Everything that somebody could be tempted to put into the words of an error. */
const words = (owner: NumberOwner, phone: string): string =>
  [
    phone,
    phone.slice(1),
    `0${phone.slice(3)}`,
    owner.emulator.inbox.latest(phone)?.code ?? '',
    owner.emulator.secret,
    KEYS.secret,
    OLD_SECRET,
  ].join(' ');

const fails = (owner: NumberOwner, phone: string) => () => {
  throw new Error(words(owner, phone));
};

function newPhone(owner: NumberOwner): string {
  const phone = owner.newPhone();
  phones.add(phone);
  phones.add(owner.customer.phone);
  return phone;
}

const paths: readonly Scenario[] = [
  ...CODE_FLOWS.flatMap(({ flow, customer }) => [
    loud.story(
      `${flow}: from its beginning to its end`,
      async (owner, app) => {
        limitStore.forget();
        const phone = newPhone(owner);
        app.instead('onAuthenticatorChanged', fails(owner, phone));
        const begun = await owner.begin(flow, phone);
        const code = await owner.code(phone);
        await owner.verify(flow, begun.handle, wrong(code));
        await owner.verify(flow, `${begun.handle}x`, code);
        await owner.verify('sign-in', begun.handle, wrong(code));
        expectRefusal(await owner.resend(begun.handle), 429, 'otp_send_limited');
        time.advance(30_000);
        await owner.resend(begun.handle);
        expect((await owner.finish(begun)).status).toBe(200);
        await owner.verify(flow, begun.handle, code);
        await owner.status();
        for (const { token } of app.sessions) {
          claimTokens.add(token);
        }
      },
      customer,
    ),
    loud.story(
      `${flow}: with everything out of order`,
      async (owner) => {
        limitStore.forget();
        const phone = newPhone(owner);
        const begun = await owner.begin(flow, phone);
        const code = await owner.code(phone);
        const errors = { error: 'invalid_request', errorDescription: words(owner, phone) };
        for (const call of ['verify', 'getUser', 'getAuthenticators', 'track'] as const) {
          for (const status of [400, 401, 404, 429, 500]) {
            const fault = { kind: 'status', status, body: errors, times: 1 } as const;
            owner.emulator.faults.add({ ...fault, match: { call } });
            await owner.verify(flow, begun.handle, code);
            await owner.status();
          }
        }
        owner.emulator.faults.clear();
        const other = newPhone(owner);
        for (const status of [400, 401, 500]) {
          const fault = { kind: 'status', status, body: errors } as const;
          owner.emulator.faults.add({ ...fault, match: { call: 'challenge' }, times: 1 });
          await owner.start(flow, other);
        }
        owner.emulator.faults.clear();
        for (const mode of ['throws', 'answers nonsense'] as const) {
          limitStore.mode = mode;
          await owner.start(flow, other);
          await owner.verify(flow, begun.handle, code);
        }
        limitStore.mode = 'works';
        Object.assign(replay, { isBroken: true, error: words(owner, phone) });
        await owner.verify(flow, begun.handle, code);
        replay.isBroken = false;
        await owner.start(flow, `${other} and more`);
        await owner.start(flow, other, { as: null });
        await owner.post(`/${flow}`, { phoneNumber: [other], handle: begun.handle, code });
      },
      customer,
    ),
  ]),
  loud.story(
    'a sign-in whose every step fails with the number and the code in its words',
    async (owner, app) => {
      limitStore.forget();
      const phone = newPhone(owner);
      app.instead('findOrCreateUser', fails(owner, phone));
      const begun = await owner.begin('sign-in', phone, { as: null });
      let handle = owner.handleIn(await owner.finish(begun, { as: null }));
      const next = async () => {
        const answer = await owner.post('/sign-in/verify', { handle }, { as: null });
        expectRefusal(answer, 503, 'sign_in_incomplete');
        handle = owner.handleIn(answer);
      };
      await next();
      // Users who are known by their number.
      app.instead('findOrCreateUser', () => phone);
      const body = { error: 'invalid_request', errorDescription: words(owner, phone) };
      owner.emulator.faults.add({ kind: 'status', status: 400, body, match: { call: 'claim' } });
      await next();
      owner.emulator.faults.clear();
      app.instead('signedIn', fails(owner, phone));
      await next();
      await next();
      app.instead('signedIn', () => ({ welcome: 'you' }));
      const done = await owner.post('/sign-in/verify', { handle }, { as: null });
      expect(done.status).toBe(200);
      for (const { token } of app.sessions) {
        claimTokens.add(token);
      }
    },
    UNENROLLED,
  ),
  loud.story(
    'verified numbers, and their recovery codes',
    async (owner, app) => {
      const phone = newPhone(owner);
      app.instead('resolve', fails(owner, phone));
      await owner.post('/verified-number', {});
      app.instead('resolve', () => ({ phoneNumber: `${phone} ext. 5` }));
      await owner.post('/verified-number', {});
      app.instead('resolve', () => ({ phoneNumber: phone }));
      await owner.post('/verified-number', { phoneNumber: phone });
      const { json } = await owner.post('/verified-number', {});
      expect(json.recoveryCodes).toHaveLength(10);
      for (const code of Object.values(Object(json.recoveryCodes))) {
        town().ledger.token(String(code));
      }
      await owner.post('/verified-number', {});
    },
    UNENROLLED,
  ),
  loud.story(
    'a user whose id is the number',
    async (owner) => {
      limitStore.forget();
      const phone = newPhone(owner);
      const as = { as: phone };
      await owner.status(as);
      const begun = await owner.begin('enrollment', phone, as);
      expect((await owner.finish(begun, as)).status).toBe(200);
      await owner.start('phone-number', newPhone(owner), as);
    },
    UNENROLLED,
  ),
];

playScenarios('good and bad paths', paths, { town });

/** A secret as it may be written down. */
const spellings = (secret: string | Buffer): readonly string[] => {
  const bytes = Buffer.from(secret);
  const plain = typeof secret === 'string' ? [secret] : [];
  return [...plain, ...(['hex', 'base64', 'base64url'] as const).map((as) => bytes.toString(as))];
};

describe('what was printed, reported and answered', () => {
  const all = () => {
    const { ledger } = town();
    const events = ledger.events.map((event) => JSON.stringify(event));
    return { told: [...ledger.lines, ...events].join('\n'), answered: ledger.answers.join('\n') };
  };
  const found = (needles: Iterable<string>) => {
    const { told: lines, answered } = all();
    return [...needles].filter((each) => lines.includes(each) || answered.includes(each));
  };

  it('is a great deal', () => {
    const { ledger } = town();
    expect(heard.events).toBeGreaterThan(200);
    expect(ledger.lines.length).toBeGreaterThan(50);
    expect(ledger.answers.length).toBeGreaterThan(500);
    expect(phones.size).toBeGreaterThan(40);
    const types = new Set(ledger.events.map(({ type }) => type));
    for (const type of [
      'otp_sent',
      'otp_wrong',
      'otp_verified',
      'otp_send_limited',
      'handle_refused',
      'phone_refused',
      'authenticator_changed',
      'signed_in',
      'sign_in_incomplete',
      'callback_failed',
      'limit_store_failed',
      'replay_store_failed',
      'authsignal_failed',
    ] as const) {
      expect(types).toContain(type);
    }
  });

  it('holds no number, code, secret or token as a word', () => {
    town().ledger.expectNothingLeaked();
  });

  it('holds no number in any spelling', () => {
    const { told: lines, answered } = all();
    const digits = `${lines}\n${answered}`.replace(/[\s().\-/]/g, '');
    expect([...phones].filter((phone) => digits.includes(phone.slice(3)))).toEqual([]);
  });

  it('holds no challenge id', () => {
    const ids = town()
      .emulator.inbox.messages()
      .map(({ challengeId }) => challengeId);
    expect(ids.length).toBeGreaterThan(30);
    expect(found(new Set(ids))).toEqual([]);
  });

  it('holds no secret, none of its keys and no credentials in any spelling', () => {
    const { secret } = town().emulator;
    const keyring = new Keyring({ ...KEYS, previousSecrets: [OLD_SECRET] });
    const keys = [`handle/v1/${KEYS.audience}`, 'binding/v1'].flatMap((purpose) =>
      keyring.derive(purpose),
    );
    const secrets = [secret, `${secret}:`, KEYS.secret, OLD_SECRET, ...keys];
    expect(found(secrets.flatMap(spellings))).toEqual([]);
  });

  it('holds no token of a claim', () => {
    expect(claimTokens.size).toBeGreaterThan(0);
    expect(found(claimTokens)).toEqual([]);
  });
});
