import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { BuiltSample } from './built-sample.js';

const START_MS = 30_000;
const DEMO_MS = 60_000;
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
      const bank = await sample.printed(/Bank +(http:\S+) /);
      const apiUrl = await sample.printed(/Authsignal +(http:\S+\/v1) \(a stand-in/);
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
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const ended = await run(app, [], { PORT: String(port) }).ended;
      other.close();
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
          'AUTHSIGNAL_SECRET is set but AUTHSIGNAL_URL is not; set both for your tenant, or neither for the stand-in.\n',
      });
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

/** Whether the answer at `index` is to a request that went to Authsignal. */
function isToAuthsignal(lines: readonly string[], index: number): boolean {
  const request = lines.slice(0, index).findLast((line) => line.startsWith('     > '));
  return request?.endsWith('(to Authsignal)') ?? false;
}
