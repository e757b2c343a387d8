import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulator } from 'authsignal-guard/emulator';
import { DataFile } from '../../../src/emulator/data-file.js';
import { CompiledCommand } from './compiled-command.js';
import { RawClient } from './raw-client.js';

const PHONE = '+64211234567';
let folder: string;
let dataFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'authsignal-emulator-'));
  dataFile = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the data file', () => {
  it('carries users, authenticators, actions, challenges, limits and messages over a restart', async () => {
    const actions = { pay: { outcome: 'CHALLENGE' } } as const;
    const before = await startEmulator({ dataFile, actions });
    const first = new RawClient(before);
    before.users.enroll('ann', { phoneNumber: PHONE });
    const { token, idempotencyKey } = await first.track('ann', 'pay', { custom: { amount: 5 } });
    for (let count = 0; count < 6; count += 1) await first.challenge(token);
    const users = before.users.all();
    await before.stop();

    const after = await startEmulator({ dataFile, actions });
    const second = new RawClient(after);
    expect(after.users.all()).toEqual(users);
    expect(after.actions.records()).toMatchObject([
      { userId: 'ann', idempotencyKey, custom: { amount: 5 }, state: 'CHALLENGE_REQUIRED' },
    ]);
    expect((await second.challenge(token)).status).toBe(429);
    const code = after.inbox.latest(PHONE)?.code ?? '';
    expect((await second.verify(token, code)).body.isVerified).toBe(true);
    expect((await second.validate(token)).body.isValid).toBe(true);
    await after.stop();
  });

  it('is for its owner alone, and nothing is left beside it', async () => {
    const emulator = await startEmulator({ dataFile });
    await new RawClient(emulator).track('ann', 'pay');
    await emulator.stop();
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('is not disturbed by half a file that a kill has left beside it', async () => {
    const before = await startEmulator({ dataFile });
    await new RawClient(before).track('ann', 'pay');
    await before.stop();
    writeFileSync(`${dataFile}.tmp`, '{"format":"auths');
    const after = await startEmulator({ dataFile });
    expect(after.actions.records()).toHaveLength(1);
    await after.stop();
  });

  it.each([
    ['', 'it is not JSON'],
    ['{"format":"authsignal-emulator","version":1,"users":[{"us', 'it is not JSON'],
    ['{}', 'it was not written by the emulator'],
    ['{"format":"authsignal-emulator","version":2}', 'its version is not 1'],
    ['{"format":"authsignal-emulator","version":1}', '"users" is not a list'],
    [
      '{"format":"authsignal-emulator","version":1,"users":[{"userId":5}]}',
      '"users[0].userId" is missing or of another type',
    ],
  ])('is refused, and left as it is, when it holds %j', async (text, problem) => {
    writeFileSync(dataFile, text);
    await expect(startEmulator({ dataFile })).rejects.toMatchObject({
      code: 'data_file_invalid',
      message: `The data file ${dataFile} cannot be used: ${problem}; move it away to start afresh.`,
    });
    expect(readFileSync(dataFile, 'utf8')).toBe(text);
  });

  it('is refused at the start if it cannot be written or read', async () => {
    const missing = join(folder, 'no-such-folder', 'state.json');
    await expect(startEmulator({ dataFile: missing })).rejects.toMatchObject({
      code: 'data_file_unwritable',
      message: `The data file ${missing} cannot be written (ENOENT).`,
    });
    await expect(startEmulator({ dataFile: folder })).rejects.toMatchObject({
      code: 'data_file_unreadable',
    });
  });

  it('turns an answer into a 500 when its state could not be written', async () => {
    const emulator = await startEmulator({ dataFile });
    const api = new RawClient(emulator);
    rmSync(folder, { recursive: true });
    expect((await api.track('ann', 'pay')).status).toBe(500);
    await expect(emulator.stop()).rejects.toMatchObject({ code: 'data_file_unwritable' });
  });

  it('lets changes that come during a write share the next one', async () => {
    let snapshots = 0;
    const file = new DataFile(dataFile, () => {
      snapshots += 1;
      return String(snapshots);
    });
    file.changed();
    const first = file.settled();
    const others = Array.from({ length: 20 }, () => {
      file.changed();
      return file.settled();
    });
    await Promise.all([first, ...others]);
    expect(snapshots).toBe(2);
    expect(readFileSync(dataFile, 'utf8')).toBe('2');
  });
});

describe('a kill at any moment', () => {
  let command: CompiledCommand;
  beforeAll(() => {
    command = new CompiledCommand();
  });
  afterAll(() => command.remove());

  it('loses nothing that was answered, and leaves a whole file', async () => {
    const answered = new Set<string>();
    for (const [round, answersBeforeKill] of [1, 2, 3, 5, 8, 13, 21, 34].entries()) {
      const running = command.run('--port', '0', '--data', dataFile);
      const apiUrl = await running.apiUrl();
      const before = answered.size;
      const calls = Array.from({ length: 60 }, async (_unused, index) => {
        const idempotencyKey = `round-${round}-${index}`;
        const answer = await fetch(`${apiUrl}/users/ann/actions/pay`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa('emulator-secret:')}` },
          body: JSON.stringify({ idempotencyKey, custom: { padding: 'x'.repeat(5_000) } }),
        });
        if (answer.status !== 200) return;
        answered.add(idempotencyKey);
        if (answered.size - before === answersBeforeKill) running.child.kill('SIGKILL');
      });
      await Promise.allSettled(calls);
      running.child.kill('SIGKILL');
      expect(await running.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect(answered.size - before).toBeGreaterThanOrEqual(answersBeforeKill);

      const emulator = await startEmulator({ dataFile });
      const kept = new Set(emulator.actions.records().map((record) => record.idempotencyKey));
      await emulator.stop();
      expect([...answered].filter((key) => !kept.has(key))).toEqual([]);
    }
  }, 240_000);

  it('runs as a command, prints what it sends, and stops on a signal', async () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ actions: { pay: { outcome: 'BLOCK' } } }));
    const args = ['--port', '0', '--config', config, '--data', dataFile];
    const running = command.run(...args, '--secret', 's3cret', '--tenant', 'bank');
    const apiUrl = await running.apiUrl();
    expect(running.stdout).toContain('not a production service');
    expect(running.stdout).toMatch(/secret +s3cret\n +tenant +bank\n/);
    const post = (path: string, body: object) =>
      fetch(`${apiUrl}${path}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('s3cret:')}` },
        body: JSON.stringify(body),
      });
    expect(await (await post('/users/ann/actions/pay', {})).json()).toMatchObject({
      state: 'BLOCK',
    });
    await post('/challenge', { verificationMethod: 'WHATSAPP', action: 'a', phoneNumber: PHONE });
    const code = await running.printed(/WHATSAPP to \+64211234567: (\d{6})\n/);
    expect(readFileSync(dataFile, 'utf8')).toContain(`"code":"${code}"`);

    const port = new URL(apiUrl).port;
    const second = command.run('--port', port);
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.stderr).toBe(
      `authsignal-emulator: Port ${port} on 127.0.0.1 is in use; choose another.\n`,
    );
    running.child.kill('SIGTERM');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(running.stdout).toContain('Stopped.');
  }, 240_000);

  it('prints its help', async () => {
    const running = command.run('--help');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(running.stdout).toContain('Usage: authsignal-emulator');
  });

  it.each<[string, string[], RegExp]>([
    [
      'an unknown flag',
      ['--prot', '1'],
      /^authsignal-emulator: Unknown option '--prot'; see --help\.\n$/,
    ],
    ['a port that is none', ['--port', 'x'], /--port must be a whole number/],
    ['a port too large', ['--port', '70000'], /port must be a whole number from 0 to 65535\.\n$/],
    ['no configuration', ['--config', 'nowhere.json'], /nowhere\.json cannot be read\.\n$/],
    ['a configuration that is no JSON', ['--config', 'README'], /must hold one JSON object\.\n$/],
    ['an option that there is not', ['--config', 'OPTION'], /rulez is not an option/],
    ['a callback', ['--config', 'CALLBACK'], /onMessage cannot be set/],
  ])(
    'ends with one sentence on %s',
    async (_what, args, sentence) => {
      const texts: Record<string, string> = {
        README: '# No JSON',
        OPTION: '{"rulez":1}',
        CALLBACK: '{"onMessage":"x"}',
      };
      const given = args.map((argument) => {
        const text = texts[argument];
        if (text === undefined) return argument;
        writeFileSync(join(folder, argument), text);
        return join(folder, argument);
      });
      const running = command.run(...given);
      expect(await running.exited).toEqual({ code: 1, signal: null });
      expect(running.stderr).toMatch(sentence);
      expect(running.stderr.split('\n')).toHaveLength(2);
      expect(running.stdout).toBe('');
      expect(existsSync(dataFile)).toBe(false);
    },
    240_000,
  );
});
