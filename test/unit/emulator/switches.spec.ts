import { afterEach, describe, expect, it } from '@jest/globals';
import {
  DEFAULT_LIMITS,
  type Emulator,
  type EmulatorSwitches,
  SWITCH_CHOICES,
  startEmulator,
} from 'authsignal-guard/emulator';
import { RawClient } from './raw-client.js';

const PHONE = '+64211234567';
const OTHER = '+64210000000';
let emulator: Emulator;

async function start(switches: Partial<EmulatorSwitches>): Promise<RawClient> {
  emulator = await startEmulator({ defaultOutcome: 'CHALLENGE', switches });
  emulator.users.enroll('ann', { phoneNumber: PHONE });
  return new RawClient(emulator);
}
afterEach(() => emulator.stop());

/** A challenge of the Server API. */
async function sent(api: RawClient, more: object = {}): Promise<string> {
  const request = { verificationMethod: 'WHATSAPP', action: 'signIn', phoneNumber: PHONE };
  const { body } = await api.server('POST', '/challenge', { ...request, ...more });
  return String(body.challengeId);
}

async function verified(api: RawClient, more: object = {}): Promise<string> {
  const challengeId = await sent(api, more);
  const verificationCode = await emulator.inbox.waitForCode(PHONE);
  await api.server('POST', '/verify', { challengeId, verificationCode });
  return challengeId;
}

type Name = keyof EmulatorSwitches;
type Probe = (api: RawClient) => Promise<unknown>;
/** What is seen with each value of a switch; the first value is the default. */
const cases: { [N in Name]: [Probe, [EmulatorSwitches[N], unknown][]] } = {
  errorContentType: [
    async (api) => (await api.server('GET', '/nowhere')).headers.get('content-type'),
    [
      ['application/json', 'application/json'],
      ['text/plain', 'text/plain'],
    ],
  ],
  validateBadToken: [
    async (api) => (await api.validate('garbage')).status,
    [
      ['isValid-false', 200],
      ['http-400', 400],
      ['http-401', 401],
    ],
  ],
  validateOnce: [
    async (api) => {
      const access = await api.complete((await api.track('ann', 'pay')).token, PHONE);
      await api.validate(access);
      return (await api.validate(access)).body.isValid;
    },
    [
      [false, true],
      [true, false],
    ],
  ],
  clientTokenErrorStatus: [
    async (api) => (await api.challenge('garbage')).status,
    [
      [401, 401],
      [400, 400],
      [403, 403],
    ],
  ],
  rateLimitStatus: [
    async (api) => {
      for (let count = 0; count < 6; count += 1) await sent(api);
      const request = { verificationMethod: 'SMS', action: 'a', phoneNumber: PHONE };
      return (await api.server('POST', '/challenge', request)).status;
    },
    [
      [429, 429],
      [400, 400],
    ],
  ],
  retryAfter: [
    async (api) => {
      for (let count = 0; count < 6; count += 1) await sent(api);
      const request = { verificationMethod: 'SMS', action: 'a', phoneNumber: PHONE };
      return (await api.server('POST', '/challenge', request)).headers.has('retry-after');
    },
    [
      [true, true],
      [false, false],
    ],
  ],
  resentCode: [
    async (api) => {
      const challengeId = await sent(api);
      await sent(api, { challengeId });
      const codes = emulator.inbox.messages(PHONE).map(({ code }) => code);
      return new Set(codes).size;
    },
    [
      ['new', 2],
      ['same', 1],
    ],
  ],
  codeBeforeResend: [
    async (api) => {
      const challengeId = await sent(api);
      const verificationCode = await emulator.inbox.waitForCode(PHONE);
      await sent(api, { challengeId });
      const answer = await api.server('POST', '/verify', { challengeId, verificationCode });
      return answer.body.isVerified;
    },
    [
      ['dead', false],
      ['valid', true],
    ],
  ],
  verifyUnknownChallenge: [
    async (api) => {
      const body = { challengeId: 'unknown', verificationCode: '123456' };
      return (await api.server('POST', '/verify', body)).status;
    },
    [
      ['isVerified-false', 200],
      ['http-400', 400],
    ],
  ],
  verifyAgain: [
    async (api) => {
      const challengeId = await verified(api);
      const verificationCode = emulator.inbox.latest(PHONE)?.code;
      const answer = await api.server('POST', '/verify', { challengeId, verificationCode });
      return answer.body.isVerified;
    },
    [
      ['refuse', false],
      ['succeed', true],
    ],
  ],
  attemptsExceeded: [
    async (api) => {
      const { token } = await api.track('ann', 'pay');
      await api.challenge(token);
      for (let count = 0; count < 10; count += 1) await api.verify(token, 'no');
      return (await api.validate(token)).body.state;
    },
    [
      ['keep-state', 'CHALLENGE_REQUIRED'],
      ['challenge-failed', 'CHALLENGE_FAILED'],
    ],
  ],
  claimErrorStatus: [
    async (api) => {
      const body = { challengeId: await sent(api), userId: 'ann' };
      return (await api.server('POST', '/claim', body)).status;
    },
    [
      [400, 400],
      [403, 403],
      [404, 404],
    ],
  ],
  claimAgain: [
    async (api) => {
      const challengeId = await verified(api);
      const claim = async (userId: string) =>
        (await api.server('POST', '/claim', { challengeId, userId })).status;
      return [await claim('ann'), await claim('ann'), await claim('bob')];
    },
    [
      ['same-user', [200, 200, 400]],
      ['never', [200, 400, 400]],
      ['any-user', [200, 200, 200]],
    ],
  ],
  claimEnrols: [
    async (api) => {
      const challengeId = await verified(api);
      await api.server('POST', '/claim', { challengeId, userId: 'new' });
      return emulator.users.get('new')?.authenticators.length;
    },
    [
      [false, 0],
      [true, 1],
    ],
  ],
  invalidPhone: [
    async (api) => {
      const request = { verificationMethod: 'SMS', action: 'a', phoneNumber: '021 555' };
      return (await api.server('POST', '/challenge', request)).status;
    },
    [
      ['refuse', 400],
      ['accept', 200],
    ],
  ],
  clientWithoutAuthenticator: [
    async (api) => {
      const { token } = await api.track('new', 'pay', { phoneNumber: OTHER });
      return (await api.challenge(token)).status;
    },
    [
      ['tracked-phone', 200],
      ['refuse', 400],
    ],
  ],
  clientNumber: [
    async (api) => {
      const { token } = await api.track('ann', 'pay', { phoneNumber: OTHER });
      await api.challenge(token);
      return emulator.inbox.messages()[0]?.to;
    },
    [
      ['enrolled', PHONE],
      ['tracked', OTHER],
    ],
  ],
  missingScope: [
    async (api) => {
      emulator.users.enroll('eve', { verificationMethod: 'PASSKEY' });
      const challengeId = await sent(api, { userId: 'eve', scope: 'update:authenticators' });
      const verificationCode = await emulator.inbox.waitForCode(PHONE);
      const { status } = await api.server('POST', '/verify', { challengeId, verificationCode });
      return [status, emulator.users.get('eve')?.authenticators.length];
    },
    [
      ['verify-only', [200, 1]],
      ['http-403', [403, 1]],
      ['enrol', [200, 2]],
    ],
  ],
  scopeEnrols: [
    async (api) => {
      const scope = 'add:authenticators';
      await verified(api, { userId: 'new', scope, verificationMethod: 'SMS' });
      return emulator.users.get('new')?.authenticators.length;
    },
    [
      ['every-method', 1],
      ['whatsapp-only', 0],
    ],
  ],
  blockOnServerChallenge: [
    async (api) => {
      emulator.actions.set('signIn', { outcome: 'BLOCK' });
      await sent(api);
      return emulator.inbox.messages().length;
    },
    [
      ['ignore', 1],
      ['http-400', 0],
    ],
  ],
  retrack: [
    async (api) => {
      await api.track('ann', 'pay', { idempotencyKey: 'k' });
      emulator.actions.set('pay', { outcome: 'BLOCK' });
      const { status, body } = await api.track('ann', 'pay', { idempotencyKey: 'k' });
      return [status, body.state];
    },
    [
      ['keep-state', [200, 'CHALLENGE_REQUIRED']],
      ['evaluate-again', [200, 'BLOCK']],
      ['http-409', [409, undefined]],
    ],
  ],
  challengeOnAllow: [
    async (api) => {
      emulator.actions.set('pay', { outcome: 'ALLOW' });
      const { token } = await api.track('ann', 'pay');
      const { status } = await api.challenge(token);
      if (status !== 200) return status;
      await api.verify(token, await emulator.inbox.waitForCode(PHONE));
      return (await api.validate(token)).body.state;
    },
    [
      ['ignore', 'ALLOW'],
      ['count', 'CHALLENGE_SUCCEEDED'],
      ['http-400', 400],
    ],
  ],
  challengeAfterUpdate: [
    async (api) => {
      emulator.actions.set('pay', { outcome: 'ALLOW' });
      const { token, idempotencyKey } = await api.track('ann', 'pay');
      const reference = { userId: 'ann', action: 'pay', idempotencyKey };
      emulator.actions.setState(reference, 'CHALLENGE_REQUIRED');
      await api.complete(token, PHONE);
      return (await api.validate(token)).body.state;
    },
    [
      ['count', 'CHALLENGE_SUCCEEDED'],
      ['ignore', 'CHALLENGE_REQUIRED'],
    ],
  ],
  unknownAction: [
    async (api) => (await api.track('ann', 'unheard-of')).status,
    [
      ['create', 200],
      ['http-400', 400],
    ],
  ],
  idempotencyKeyMaxLength: [
    async (api) => {
      const lengths = [40, 64, 100];
      const statuses: number[] = [];
      for (const length of lengths) {
        const idempotencyKey = 'k'.repeat(length);
        statuses.push((await api.track('ann', 'pay', { idempotencyKey })).status);
      }
      return statuses;
    },
    [
      [64, [200, 200, 400]],
      [36, [400, 400, 400]],
      [100, [200, 200, 200]],
    ],
  ],
  idempotencyKeyCharacters: [
    async (api) => (await api.track('ann', 'pay', { idempotencyKey: 'a b/c' })).status,
    [
      ['url-safe', 400],
      ['any', 200],
    ],
  ],
  recoveryCodes: [
    async (api) => {
      const body = { verificationMethod: 'WHATSAPP', phoneNumber: OTHER };
      const answer = await api.server('POST', '/users/new/authenticators', body);
      return 'recoveryCodes' in answer.body;
    },
    [
      [true, true],
      [false, false],
    ],
  ],
  queryUsersUnfiltered: [
    async (api) => (await api.server('GET', '/users')).status,
    [
      ['http-400', 400],
      ['list', 200],
    ],
  ],
  inboxEndpoint: [
    async (api) => {
      await sent(api);
      const query = `phoneNumber=${encodeURIComponent(PHONE)}`;
      const answer = await fetch(`${emulator.url}/inbox?${query}`);
      const body: unknown = await answer.json();
      const code = emulator.inbox.latest(PHONE)?.code;
      return answer.status === 200 && JSON.stringify(body).includes(`"code":"${code}"`);
    },
    [
      [false, false],
      [true, true],
    ],
  ],
};

const rows = Object.entries(cases).flatMap(([name, [probe, seen]]) =>
  seen.map(([value, expected]) => ({ name, value, expected, probe })),
);

describe('switches', () => {
  it.each(rows)('$name: $value', async ({ name, value, expected, probe }) => {
    expect(await probe(await start({ [name]: value }))).toEqual(expected);
  });

  it.each(Object.entries(cases))('%s has its first value by default', async (name, [, seen]) => {
    await start({});
    expect(Object.entries(emulator.switches)).toContainEqual([name, seen[0]?.[0]]);
  });

  it('are all in the table, and can be turned while the emulator runs', async () => {
    const api = await start({});
    expect(Object.keys(emulator.switches).sort()).toEqual(Object.keys(cases).sort());
    emulator.switches.validateBadToken = 'http-400';
    expect((await api.validate('garbage')).status).toBe(400);
  });

  it('are listed with their values for other tools, and so are the limits', async () => {
    await start({});
    const firsts = Object.entries(SWITCH_CHOICES).map(([name, [first]]) => [name, first]);
    expect(Object.fromEntries(firsts)).toEqual(emulator.switches);
    for (const { name, value } of rows.filter(({ value }) => value !== 100)) {
      expect(Object.entries(SWITCH_CHOICES)).toContainEqual([
        name,
        expect.arrayContaining([value]),
      ]);
    }
    expect(DEFAULT_LIMITS).toMatchObject({ codeLength: 6, attemptsPerChallenge: 10 });
  });

  it('are refused by name if there is no such switch or value', async () => {
    await start({});
    const wrong: object[] = [{ no: 1 }, { retrack: 'perhaps' }];
    for (const switches of wrong) {
      await expect(startEmulator({ switches })).rejects.toMatchObject({
        code: 'option_invalid',
        message: expect.stringMatching(/^switches\.(no is not a switch|retrack must be one of)/),
      });
    }
  });
});
