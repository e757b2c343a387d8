import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { keysOf, leaksOf } from './check-command.js';
import { ACTIONS, endAll, LIMITS, launch, PHONE, start, tenant } from './check-tenant.js';

jest.setTimeout(240_000);
afterAll(endAll);

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
