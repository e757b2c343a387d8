import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { SWITCH_CHOICES } from 'authsignal-guard/emulator';
import { keysOf, leaksOf } from './check-command.js';
import { endAll, LIMITS_PHONE, launch, PHONE, start, startWhole, tenant } from './check-tenant.js';

jest.setTimeout(240_000);
afterAll(endAll);

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
    expect(emulator.requests.count() - emulator.requests.count('inbox')).toBe(requests);
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
