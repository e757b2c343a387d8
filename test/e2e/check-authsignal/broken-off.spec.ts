import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { startEmulator } from 'authsignal-guard/emulator';
import { keysOf } from './check-command.js';
import { endAll, launch, PHONE, start, tenant } from './check-tenant.js';

jest.setTimeout(240_000);
afterAll(endAll);

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
    [
      'breaks',
      'reset-before',
      /^Authsignal is out of reach: (ECONNRESET|UND_ERR_SOCKET) \(POST \/verify\)\.$/,
    ],
    ['hangs', 'hang', /^Authsignal is out of reach: no answer within 2000 ms \(POST \/verify\)\.$/],
  ] as const)('ends and cleans up if Authsignal %s on the way', async (_, kind, reason) => {
    const emulator = await tenant();
    emulator.faults.add({ kind, match: { call: 'verify' } });
    const codes = ['--phone', PHONE, '--codes-from', emulator.url];
    const command = start(emulator, ...codes, '--timeout', '2000');
    const { brokenOff, questions } = await command.report();
    expect(await command.exited).toBe(1);
    expect(brokenOff).toMatch(reason);
    expect(command.stderr).toBe(`check:authsignal: ${brokenOff}\n`);
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
