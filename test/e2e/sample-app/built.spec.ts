import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startEmulator } from 'authsignal-guard/emulator';
import request from 'supertest';
import { BuiltSample } from './built-sample.js';

const START_MS = 240_000;
const DEMO_MS = 240_000;
const DETAILS = { username: 'ann', password: 'ann likes long walks' };

const running = new Set<BuiltSample>();
function run(...args: ConstructorParameters<typeof BuiltSample>): BuiltSample {
  const sample = new BuiltSample(...args);
  running.add(sample);
  return sample;
}

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running.clear();
});

describe.each(['nest', 'express'] as const)('the built %s app', (app) => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it is, prints each message, and stops on %s',
    async (signal) => {
      const sample = run(app);
      const bank = await sample.printed(/The bank +(http:\S+) /);
      const emulator = await sample.printed(/Emulator's window +(http:\S+) /);
      const apiUrl = await sample.printed(/Authsignal API +(http:\S+\/v1)\n/);
      expect(apiUrl).toBe(`${emulator}/v1`);
      const refusal = await request(bank).post('/login').send(DETAILS);
      expect([refusal.status, refusal.body.code]).toEqual([403, 'step_up_required']);
      await request(apiUrl)
        .post('/client/challenge/whatsapp')
        .auth(refusal.body.challenge.token, { type: 'bearer' })
        .send({});
      await sample.printed(/WhatsApp to \+61491570006: \d{6}/);
      sample.child.kill(signal);
      const { code, stdout, stderr } = await sample.ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/Stopped\.\n$/);
      expect(stdout).not.toContain('emulator-secret');
      await expect(fetch(bank)).rejects.toThrow('fetch failed');
      await expect(fetch(apiUrl)).rejects.toThrow('fetch failed');
    },
    START_MS,
  );

  it(
    'ends with one sentence when its port is in use',
    async () => {
      const { port, close } = await occupiedPort();
      const ended = await run(app, [], { PORT: String(port) }).ended;
      await close();
      expect(ended).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `Port ${port} on 127.0.0.1 is in use; set PORT to another one.\n`,
      });
    },
    START_MS,
  );

  it(
    'ends with one sentence when a variable is missing, which does not show the other',
    async () => {
      const ended = await run(app, [], { AUTHSIGNAL_SECRET: 'kept-to-itself' }).ended;
      expect(ended).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr:
          'AUTHSIGNAL_SECRET is set but AUTHSIGNAL_URL and AUTHSIGNAL_TENANT are not; set all three for your tenant, or none for the stand-in.\n',
      });
    },
    START_MS,
  );

  it(
    'ends with one sentence when the port of the stand-in is in use, and leaves nothing listening',
    async () => {
      const { port, close } = await occupiedPort();
      const ended = await run(app, [], { EMULATOR_PORT: String(port) }).ended;
      await close();
      expect(ended).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `Port ${port} is in use; set EMULATOR_PORT to another one for the stand-in.\n`,
      });
    },
    START_MS,
  );

  it(
    'ends with one sentence when Authsignal refuses the key, which it does not show',
    async () => {
      const emulator = await startEmulator({ secret: 'the-right-one' });
      const ended = await run(app, [], {
        AUTHSIGNAL_SECRET: 'kept-to-itself',
        AUTHSIGNAL_URL: emulator.apiUrl,
        AUTHSIGNAL_TENANT: emulator.tenantId,
      }).ended;
      await emulator.stop();
      expect(ended).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `Authsignal refuses AUTHSIGNAL_SECRET at ${emulator.apiUrl}: check the key, and that AUTHSIGNAL_URL is of the same region.\n`,
      });
    },
    START_MS,
  );

  it(
    'ends with one sentence when Authsignal is not there',
    async () => {
      const { port, close } = await occupiedPort();
      await close();
      const apiUrl = `http://127.0.0.1:${port}/v1`;
      const ended = await run(app, [], {
        AUTHSIGNAL_SECRET: 'kept-to-itself',
        AUTHSIGNAL_URL: apiUrl,
        AUTHSIGNAL_TENANT: 'tenant',
      }).ended;
      expect(ended).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `Authsignal cannot be asked at ${apiUrl} (connection_refused): check AUTHSIGNAL_URL and the network.\n`,
      });
    },
    START_MS,
  );

  it(
    'starts with a tenant of its own, and no stand-in',
    async () => {
      const emulator = await startEmulator();
      const sample = run(app, [], {
        AUTHSIGNAL_SECRET: emulator.secret,
        AUTHSIGNAL_URL: emulator.apiUrl,
        AUTHSIGNAL_TENANT: emulator.tenantId,
      });
      expect(await sample.printed(/Authsignal +(http:\S+\/v1)\n/)).toBe(emulator.apiUrl);
      sample.child.kill('SIGTERM');
      const { stdout } = await sample.ended;
      expect(stdout).toContain('Codes go to the phones.');
      expect(stdout).not.toContain(emulator.secret);
      await emulator.stop();
    },
    START_MS,
  );
});

describe('the demo', () => {
  const OUTCOMES = [
    '401',
    '403, code step_up_required',
    '200',
    '200',
    '201, approvedBy rules',
    '403, code step_up_required',
    '201, approvedBy challenge',
    '409, code step_up_consumed',
    '403, code step_up_required',
    '403, code step_up_required, reason binding_mismatch',
    '403, code step_up_required',
    '200',
    '403, code step_up_required',
    '403, code step_up_required, reason proof_invalid',
    '403, code step_up_blocked',
    '403, code step_up_review_pending',
    // Cleo enrolls her first number.
    '200',
    '403, code step_up_enrollment_required',
    '200',
    '429, code otp_send_limited',
    '400, code otp_invalid',
    '200, enrolled true',
    '403, code step_up_required',
    '201, approvedBy challenge',
    // Ann changes hers.
    '403, code step_up_required',
    '403, code step_up_required, reason binding_mismatch',
    '200',
    '200, enrolled true',
    // Two sign in by number.
    '200',
    '200',
    '200',
    '200',
    // Dora's is enrolled from the bank's records.
    '403, code step_up_enrollment_required',
    '200',
    '200',
    '200, enrolled true',
    '403, code step_up_required',
    '201, approvedBy challenge',
    '503, code step_up_unavailable',
  ];

  it(
    'plays the same story in both apps; no password and no number outside the inbox, nothing left behind',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
      const { code, stdout, stderr } = await run('demo', [], { TMPDIR: folder }).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout.split('\n');
      const answers = lines.filter(
        (line, index) => line.startsWith('     < ') && !isToAuthsignal(lines, index),
      );
      const outcomes = answers.map((line) => line.slice('     < '.length));
      expect(outcomes).toEqual([...OUTCOMES, ...OUTCOMES]);
      const ledger = lines.filter((line) => /^ +\d+ x /.test(line)).map((line) => line.trim());
      const once = [
        '1 x ann: NZD 25.00 to Corner Cafe, approved by rules',
        '1 x ann: NZD 2500.00 to Power Company, approved by challenge',
        '1 x cleo: NZD 2500.00 to Power Company, approved by challenge',
        '1 x dora: NZD 2500.00 to Power Company, approved by challenge',
      ];
      expect(ledger).toEqual([...once, ...once]);
      expect(readdirSync(folder)).toEqual([]);
      rmdirSync(folder);
      const letters = lines.filter((line) => line.endsWith(' Call us.')).map((line) => line.trim());
      expect(letters).toEqual(
        ['cleo', 'ann', 'dora', 'cleo', 'ann', 'dora'].map((name) =>
          expect.stringMatching(`^${name}: Codes now go to •••\\d{3}\\.`),
        ),
      );
      const withNumber = lines.filter((line) => /61 ?491 ?570/.test(line));
      expect(withNumber).toHaveLength(26);
      for (const line of withNumber) {
        expect(line).toMatch(/^ {5}\* WhatsApp to \+61491570\d{3}: \d{6} /);
      }
      expect(stdout).not.toContain('likes');
    },
    DEMO_MS,
  );

  it(
    'ends at the first step that differs, and names it',
    async () => {
      const args = ['--app', 'nest', '--without-rules'];
      const { code, stdout, stderr } = await run('demo', args).ended;
      expect(code).toBe(1);
      expect(stderr.trim()).toBe(
        'Step 7 differs: "Ann pays NZD 2500.00" must end in {"status":403,"code":"step_up_required"}, not in {"status":201,"approvedBy":"rules"}.',
      );
      expect(stdout).toContain('< 201, approvedBy rules');
      expect(stdout).not.toContain('  8. ');
    },
    DEMO_MS,
  );

  it.each([
    [['--app', 'koa'], 'There is no app "koa"; take nest or express.'],
    [['--unknown'], "Unknown option '--unknown'"],
  ])(
    'plays nothing with %j',
    async (args, sentence) => {
      const { code, stdout, stderr } = await run('demo', args).ended;
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(sentence);
    },
    DEMO_MS,
  );
});

async function occupiedPort(): Promise<{
  readonly port: number;
  readonly close: () => Promise<void>;
}> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Whether the answer at `index` is to a request that went to Authsignal. */
function isToAuthsignal(lines: readonly string[], index: number): boolean {
  const request = lines.slice(0, index).findLast((line) => line.startsWith('     > '));
  return request?.endsWith('(to Authsignal)') ?? false;
}
