import { afterAll, describe, expect, it, jest } from '@jest/globals';
import {
  type Emulator,
  type EmulatorOptions,
  type EmulatorSwitches,
  SWITCH_CHOICES,
  startEmulator,
} from 'authsignal-guard/emulator';
import { CheckCommand, keysOf, leaksOf } from './check-command.js';

const PHONE = '+64219876543';
const LIMITS_PHONE = '+64211234567';
const ACTIONS = ['--action', 'allowed', '--blocked-action', 'blocked'];
const LIMITS = ['--limits', '--limits-phone', LIMITS_PHONE];
const emulators: Emulator[] = [];
const commands: CheckCommand[] = [];
jest.setTimeout(30_000);

async function tenant(
  switches: Partial<EmulatorSwitches> = {},
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const emulator = await startEmulator({
    // As Authsignal's look: base64, with characters that mean something to a shell or a pattern.
    secret: 'Zq+8/f3k$9(Lw==',
    tenantId: 'a-tenant',
    actions: { allowed: { outcome: 'ALLOW' }, blocked: { outcome: 'BLOCK' } },
    switches: { inboxEndpoint: true, ...switches },
    ...options,
  });
  emulators.push(emulator);
  return emulator;
}
afterAll(async () => {
  for (const { child } of commands) child.kill('SIGKILL');
  await Promise.all(emulators.map((emulator) => emulator.stop()));
});

function launch(args: readonly string[], keys: Readonly<Record<string, string>>): CheckCommand {
  const command = new CheckCommand(args, keys);
  commands.push(command);
  return command;
}

function start(emulator: Emulator, ...args: string[]): CheckCommand {
  return launch(['--json', ...args], keysOf(emulator));
}

/** With every flag; what waits for the time to pass lets it pass at once. */
function startWhole(emulator: Emulator): CheckCommand {
  const codes = ['--phone', PHONE, '--codes-from', emulator.url];
  const command = start(emulator, ...codes, ...LIMITS, ...ACTIONS, '--wait');
  return command.whenPrinted('Waiting until', () => emulator.clock.advance(660_000));
}

/** Every value of every switch that is not its default; the inbox is not the platform's. */
const flipped = Object.entries(SWITCH_CHOICES)
  .filter(([name]) => name !== 'inboxEndpoint')
  .flatMap(([name, [, ...others]]) => others.map((value) => ({ name, value })));

/** Questions that lose their sense with a value. */
const SENSELESS: Readonly<Record<string, string[]>> = {
  'resentCode same': ['code-before-resend'],
  'claimAgain any-user': ['claim-of-another'],
};

describe('a tenant that differs in one switch', () => {
  it.concurrent.each(flipped)('$name: $value is reported, and nothing else', async (flip) => {
    const { name, value } = flip;
    const emulator = await tenant({ [name]: value });
    const command = startWhole(emulator);
    const { changes, questions, counts } = await command.report();
    expect(changes).toEqual([
      expect.objectContaining({ kind: 'switch', name, default: defaultOf(name), set: value }),
    ]);
    const different = questions.filter(({ result }) => result === 'differs');
    expect(new Set(different.map((question) => question.emulator.name))).toEqual(new Set([name]));
    const skipped = questions.filter(({ result }) => result === 'not asked').map(({ id }) => id);
    expect(skipped).toEqual(SENSELESS[`${name} ${value}`] ?? []);
    expect(counts.couldNotBeAsked).toBe(0);
    expect(await command.exited).toBe(3);
    expect(leaksOf(command, emulator)).toEqual([]);
    expect(emulator.users.all()).toEqual([]);
  });
});

function defaultOf(name: string): unknown {
  return Object.entries(SWITCH_CHOICES).find(([known]) => known === name)?.[1][0];
}

describe('a tenant like the emulator', () => {
  it.concurrent('is asked every question, and each answer matches', async () => {
    const emulator = await tenant();
    emulator.users.enroll('ann', { phoneNumber: '+64210000000' });
    const command = startWhole(emulator);
    const report = await command.report();
    const { questions, counts } = report;
    expect(questions.filter(({ result }) => result !== 'matches')).toEqual([]);
    expect(counts).toEqual({
      questions: 51,
      matches: 51,
      differs: 0,
      notAsked: 0,
      couldNotBeAsked: 0,
    });
    expect(await command.exited).toBe(0);
    expect(report.changes).toEqual([]);
    expect(questions.every(({ observed }) => observed.length > 0)).toBe(true);
    expect(leaksOf(command, emulator)).toEqual([]);
    // Nobody but the users that it made is touched, and nothing of them stays.
    expect(emulator.users.all().map(({ userId }) => userId)).toEqual(['ann']);
    expect(emulator.actions.records()).toEqual([]);
    const paths = emulator.requests.all().map(({ path }) => /\/users\/([^/?]+)/.exec(path)?.[1]);
    expect(paths.filter((id) => id !== undefined && !/^check-[0-9a-f]{10,16}/.test(id))).toEqual(
      [],
    );
  });

  it.concurrent('has a question for each of its switches but that of the inbox', async () => {
    const { questions } = await start(await tenant()).report();
    const asked = questions.filter(({ emulator }) => emulator.kind === 'switch');
    expect(
      [...new Set(asked.map(({ emulator }) => emulator.name)), 'inboxEndpoint'].sort(),
    ).toEqual(Object.keys(SWITCH_CHOICES).sort());
  });

  it.concurrent('is sent no more than it says, and not hammered', async () => {
    const emulator = await tenant();
    const { messages, requests } = await startWhole(emulator).report();
    expect(emulator.inbox.messages(PHONE).length).toBe(6);
    expect(emulator.inbox.messages(LIMITS_PHONE).length).toBe(6);
    expect(messages).toBe(12);
    const inboxAndDeletions = ['inbox', 'deleteUser'] as const;
    const others = inboxAndDeletions.reduce((sum, call) => sum + emulator.requests.count(call), 0);
    expect(emulator.requests.count() - others).toBeLessThanOrEqual(requests);
    expect(requests).toBeLessThan(150);
  });

  it.concurrent('is asked nothing that costs a message without a number', async () => {
    const emulator = await tenant();
    const command = start(emulator, '--limits', '--codes-from', emulator.url);
    const { questions, counts } = await command.report();
    expect(await command.exited).toBe(0);
    expect(counts.matches).toBe(21);
    expect(emulator.inbox.messages()).toEqual([]);
    for (const { result, reason } of questions.filter(({ costs }) => costs !== null)) {
      expect(result).toBe('not asked');
      expect(reason).toMatch(/give --(phone|blocked-action)/);
    }
  });

  it.concurrent('is asked nothing that needs a code or time unless that is given', async () => {
    const emulator = await tenant();
    const { questions, messages } = await start(emulator, '--phone', PHONE).report();
    const reasons = questions.filter(({ result }) => result === 'not asked').map((q) => q.reason);
    for (const flag of ['--i-will-type-the-codes', '--wait', '--limits', '--blocked-action']) {
      expect(reasons.join()).toContain(flag);
    }
    expect(questions.filter(({ result }) => result === 'matches').length).toBe(25);
    expect(messages).toBe(3);
  });

  it.concurrent('says in words what it does, and what it would change', async () => {
    const emulator = await tenant({ retrack: 'http-409' });
    const command = launch([], keysOf(emulator));
    expect(await command.exited).toBe(3);
    expect(command.stdout).toContain(
      [
        'differs            10.10  track-again',
        '  asks      What does track with the same idempotencyKey do, once updateAction has set BLOCK?',
        '  observed  409 {error, errorCode, errorDescription} error="conflict" errorCode="conflict"',
        "  emulator  switch retrack, default 'keep-state'",
        "  differs   switch retrack: 'keep-state' → set 'http-409'",
      ].join('\n'),
    );
    expect(command.stdout).toMatch(/\n51 questions: 20 match, 1 differ, 30 not asked, 0 could not/);
  });
});

describe('codes', () => {
  const asksForOne = 'Type its code';

  it.concurrent('can be typed by a person', async () => {
    const emulator = await tenant();
    const command = start(emulator, '--phone', PHONE, '--i-will-type-the-codes', ...ACTIONS);
    command.whenPrinted(asksForOne, () => command.type(emulator.inbox.latest(PHONE)?.code ?? ''));
    const { counts, questions } = await command.report();
    expect(await command.exited).toBe(0);
    expect(counts.matches).toBe(39);
    const rest = questions.filter(({ result }) => result !== 'matches');
    expect(rest.every(({ reason }) => /give --(limits|wait)/.test(reason ?? ''))).toBe(true);
    expect(command.stderr).toContain('+64…43');
    expect(leaksOf(command, emulator)).toEqual([]);
  });

  it.concurrent('that do not arrive leave their questions unasked', async () => {
    const emulator = await tenant();
    const command = start(emulator, '--phone', PHONE, '--i-will-type-the-codes');
    command.child.stdin?.end();
    const report = await command.report();
    expect(command.result(report, 'verify-again')).toMatchObject({
      result: 'not asked',
      reason: 'no code was given for its message',
    });
    expect(report.counts.couldNotBeAsked).toBe(0);
  });

  it.concurrent('come only from an inbox that is open', async () => {
    const emulator = await tenant({ inboxEndpoint: false });
    const command = start(emulator, '--phone', PHONE, '--codes-from', emulator.url);
    expect(await command.exited).toBe(2);
    expect(command.stderr).toContain('--codes-from is no inbox: is the switch inboxEndpoint on?');
    expect(emulator.inbox.messages()).toEqual([]);
  });
});

describe('an answer that was not foreseen', () => {
  it.concurrent('is none of the known ones', async () => {
    const emulator = await tenant();
    emulator.faults.add({ kind: 'status', status: 418, match: { call: 'queryUsers' } });
    const command = start(emulator);
    const report = await command.report();
    expect(command.result(report, 'query-users-unfiltered')).toMatchObject({
      result: 'differs',
      fits: null,
    });
    expect(report.changes).toEqual([
      expect.objectContaining({ name: 'queryUsersUnfiltered', set: null }),
    ]);
    expect(await command.exited).toBe(3);
    const inWords = launch([], keysOf(emulator));
    await inWords.exited;
    expect(inWords.stdout).toContain(
      "switch queryUsersUnfiltered: none of the known answers ('http-400', 'list')",
    );
  });

  it.concurrent('leaves a switch without a right value if its questions disagree', async () => {
    const emulator = await tenant();
    emulator.faults.add({ kind: 'status', status: 404, match: { call: 'claim' }, times: 1 });
    const command = launch(['--phone', PHONE], keysOf(emulator));
    expect(await command.exited).toBe(3);
    expect(command.stdout).toContain(
      'switch claimErrorStatus: no value fits (claim-unknown-challenge: 404; claim-unverified-challenge: 400)',
    );
  });

  it.concurrent('is shown without what it repeats of the request', async () => {
    const emulator = await tenant();
    const error = `${emulator.secret} eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln ${PHONE} or (021) 987-6543`;
    emulator.faults.add({
      kind: 'status',
      status: 418,
      body: { error },
      match: { call: 'queryUsers' },
    });
    const command = start(emulator);
    const { observed } = command.result(await command.report(), 'query-users-unfiltered');
    expect(observed).toEqual(['418 {error} error="<secret> <token> +64…43 or (02…43"']);
    expect(leaksOf(command, emulator)).toEqual([]);
  });

  it.concurrent('is no answer if calls are limited or a gateway fails', async () => {
    const emulator = await tenant();
    emulator.faults.add({ kind: 'status', status: 429, match: { call: 'queryUsers' } });
    emulator.faults.add({ kind: 'html', match: { call: 'claim' } });
    const command = start(emulator);
    const report = await command.report();
    expect(command.result(report, 'query-users-unfiltered').reason).toContain('calls are limited');
    expect(command.result(report, 'claim-unknown-challenge').reason).toContain('failed with 502');
    expect(report.counts).toMatchObject({ differs: 0, couldNotBeAsked: 2 });
    expect(await command.exited).toBe(1);
  });

  it.concurrent('to a step before leaves what rests on it unasked, and that is an error', async () => {
    const emulator = await tenant({}, { verificationMethods: ['SMS', 'EMAIL_OTP'] });
    const command = start(emulator, '--phone', PHONE, '--codes-from', emulator.url);
    const report = await command.report();
    expect(command.result(report, 'resent-code')).toMatchObject({
      result: 'could not be asked',
      reason: expect.stringContaining('POST /challenge 400'),
    });
    expect(await command.exited).toBe(1);
    expect(emulator.users.all()).toEqual([]);
  });

  it.concurrent('of limits that are used up already asks for another number', async () => {
    const emulator = await tenant();
    const codes = ['--phone', PHONE, '--codes-from', emulator.url];
    const command = start(emulator, ...codes, '--limits', ...ACTIONS);
    const report = await command.report();
    expect(command.result(report, 'attempts-per-challenge')).toMatchObject({
      result: 'not asked',
      reason: expect.stringContaining('--limits-phone'),
    });
    expect(command.result(report, 'send-limit').result).toBe('matches');
    expect(await command.exited).toBe(0);
  });

  it.concurrent('of other limits is reported with the number to set', async () => {
    const emulator = await tenant(
      {},
      { limits: { codeLength: 4, attemptsPerChallenge: 3, tokenLifetimeMs: 900_000 } },
    );
    const codes = ['--phone', PHONE, '--codes-from', emulator.url];
    const { changes } = await start(emulator, ...codes, ...LIMITS).report();
    expect(changes.map(({ kind, name, set }) => [kind, name, set])).toEqual([
      ['limit', 'tokenLifetimeMs', 900_000],
      ['limit', 'codeLength', 4],
      ['limit', 'attemptsPerChallenge', 3],
    ]);
  });
});

describe('nobody to ask', () => {
  it.concurrent.each([
    ['no keys', [], {}, 'Set AUTHSIGNAL_SECRET, AUTHSIGNAL_URL, AUTHSIGNAL_TENANT to the keys'],
    ['one key missing', [], { AUTHSIGNAL_TENANT: '' }, 'Set AUTHSIGNAL_TENANT to the keys'],
    ['plain http', [], { AUTHSIGNAL_URL: 'http://api.authsignal.com/v1' }, 'must be https'],
    ['no address', [], { AUTHSIGNAL_URL: 'api.authsignal.com' }, 'must be an http(s) address'],
    ['credentials in it', [], { AUTHSIGNAL_URL: 'https://a:b@c.d/v1' }, 'without credentials'],
    ['an unknown flag', ['--nothing'], {}, "Unknown option '--nothing'; see --help."],
    ['a bad number', ['--phone', '021 555'], {}, '--phone must be a number in E.164 form'],
    ['a bad action', ['--action', 'a/b'], {}, '--action must be an action code'],
    ['no deadline', ['--timeout', '0'], {}, '--timeout must be a whole number'],
  ])('refuses %s with a sentence and exit code 2', async (name, args, environment, sentence) => {
    const keys = {
      AUTHSIGNAL_SECRET: 'secret',
      AUTHSIGNAL_URL: 'https://127.0.0.1:9/v1',
      AUTHSIGNAL_TENANT: 'tenant',
    };
    const command = launch(args, name === 'no keys' ? {} : { ...keys, ...environment });
    expect(await command.exited).toBe(2);
    expect(command.stdout).toBe('');
    expect(command.stderr).toMatch(/^check:authsignal: [^\n]+\n$/);
    expect(command.stderr).toContain(sentence);
  });

  it.concurrent('tells how it is used without keys', async () => {
    const command = launch(['--help'], {});
    expect(await command.exited).toBe(0);
    expect(command.stdout).toContain('--i-will-type-the-codes');
  });

  it.concurrent('ends with a sentence if Authsignal is down', async () => {
    const emulator = await startEmulator();
    await emulator.stop();
    const command = start(emulator);
    expect(await command.exited).toBe(1);
    expect(command.stderr).toBe(
      'check:authsignal: Authsignal is out of reach: ECONNREFUSED (GET /users/{userId}).\n',
    );
  });

  it.concurrent('ends with a sentence if the secret is not the tenant’s, or the address not the API’s', async () => {
    const emulator = await tenant();
    const keys = keysOf(emulator);
    const wrongKey = launch([], { ...keys, AUTHSIGNAL_SECRET: 'another' });
    expect(await wrongKey.exited).toBe(1);
    expect(wrongKey.stderr).toContain('refuses AUTHSIGNAL_SECRET at this AUTHSIGNAL_URL with 401');
    const wrongUrl = launch([], { ...keys, AUTHSIGNAL_URL: emulator.url });
    expect(await wrongUrl.exited).toBe(1);
    expect(wrongUrl.stderr).toContain('AUTHSIGNAL_URL answers 404; does it end in /v1?');
  });

  it.concurrent.each([
    ['breaks', 'reset-before', 'ECONNRESET'],
    ['hangs', 'hang', 'no answer within 400 ms'],
  ] as const)('ends and cleans up if Authsignal %s on the way', async (_, kind, reason) => {
    const emulator = await tenant();
    emulator.faults.add({ kind, match: { call: 'verify' } });
    const codes = ['--phone', PHONE, '--codes-from', emulator.url];
    const command = start(emulator, ...codes, '--timeout', '400');
    const { brokenOff, questions } = await command.report();
    expect(await command.exited).toBe(1);
    expect(brokenOff).toMatch(/^Authsignal is out of reach: .*\(POST \/verify\)\.$/);
    expect(command.stderr).toBe(`check:authsignal: ${brokenOff}\n`);
    expect(reason === 'ECONNRESET' || brokenOff.includes(reason)).toBe(true);
    expect(questions.length).toBeGreaterThan(10);
    expect(emulator.users.all()).toEqual([]);
  });

  it.concurrent('names the users that it could not delete', async () => {
    const emulator = await tenant();
    emulator.faults.add({ kind: 'status', status: 403, match: { call: 'deleteUser' }, times: 1 });
    const command = start(emulator);
    const { usersLeft } = await command.report();
    expect(usersLeft).toEqual([expect.stringMatching(/^check-[0-9a-f]{10}-1$/)]);
    expect(await command.exited).toBe(1);
  });

  it.concurrent('cleans up when it is interrupted', async () => {
    const emulator = await tenant();
    const command = start(emulator, '--phone', PHONE, '--i-will-type-the-codes');
    command.whenPrinted('Type its code', () => command.child.kill('SIGINT'));
    const { brokenOff } = await command.report();
    expect(brokenOff).toBe('The run was interrupted.');
    expect(await command.exited).toBe(1);
    expect(emulator.users.all()).toEqual([]);
  });
});
