import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ActionInventory } from 'authsignal-guard/nest';

const COMMAND = 'dist/esm/command/command.js';
const NEST = 'test/e2e/inventory/apps/nest-app.mjs';
const EXPRESS = 'test/e2e/inventory/apps/express-app.cjs';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Each test starts processes, and there may be others on the machine.
jest.setTimeout(240_000);

/** The built command, in a process of its own. */
function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    text.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    text.stderr += String(chunk);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...text }));
  });
}

beforeAll(() => {
  if (!existsSync(COMMAND)) {
    throw new Error(`${COMMAND} is missing: npm run build`);
  }
});

describe('authsignal-guard actions', () => {
  it('prints the routes of a Nest application for people, and ends', async () => {
    const { code, stdout, stderr } = await run('actions', `${NEST}#createApp`);
    expect(stdout).toMatch(
      /^1 guarded route\n\nPOST \/api\/bank\/pay {2}pay\n {2}handler {2}BankController\.pay\n/,
    );
    expect(stdout).toContain('warning  fail_open: ');
    expect(stdout).toContain('note  memory_store: ');
    expect(stdout).not.toContain('The bank is being built.');
    expect(stderr).toContain('The bank is being built.');
    expect(code).toBe(0);
  });

  it('prints JSON and nothing else, and fails as it is told to', async () => {
    const { code, stdout } = await run(
      'actions',
      `${NEST}#createApp`,
      '--json',
      '--production',
      '--fail-on',
      'warning',
    );
    const inventory: ActionInventory = JSON.parse(stdout);
    expect(inventory.actions).toHaveLength(1);
    expect(inventory.actions[0]).toMatchObject({
      handler: 'BankController.pay',
      path: '/api/bank/pay',
    });
    expect(inventory.warnings.map(({ code, level }) => `${level} ${code}`)).toEqual([
      'warning fail_open',
      'warning memory_store',
      'warning trust_proxy_unset',
    ]);
    expect(code).toBe(1);
  });

  it('reads an Express application of a CommonJS module, by name or as the default', async () => {
    for (const target of [EXPRESS, `${EXPRESS}#app`]) {
      const { code, stdout } = await run('actions', target, '--json', '--fail-on', 'warning');
      const { actions, warnings }: ActionInventory = JSON.parse(stdout);
      expect(actions.map(({ method, path, handler }) => `${method} ${path} ${handler}`)).toEqual([
        'POST /pay pay',
      ]);
      expect(warnings.map(({ level }) => level)).toEqual(['note', 'note']);
      expect(code).toBe(0);
    }
    expect((await run('actions', EXPRESS, '--fail-on', 'note')).code).toBe(1);
  });

  it.each([`${EXPRESS}#forgotten`, `${EXPRESS}#messages`, `${NEST}#createForgotten`])(
    'ends with 3 where no route of %s asks for an action, unless that is meant',
    async (target) => {
      const { code, stdout, stderr } = await run('actions', target, '--json', '--fail-on', 'note');
      expect(stderr).toContain(
        `authsignal-guard: no route of ${target} asks for an action. If that is meant, give --allow-none; see --help.\n`,
      );
      expect(JSON.parse(stdout)).toMatchObject({ warnings: expect.anything() });
      expect(code).toBe(3);
      const meant = await run('actions', target, '--allow-none');
      expect(meant.stdout).toMatch(/^\d guarded route/);
      expect(meant.stderr).not.toContain('--allow-none');
      expect(meant.code).toBe(0);
    },
  );

  it('ends with what it found although the application ends the process with another code', async () => {
    const target = `${EXPRESS}#hasty`;
    expect((await run('actions', target)).code).toBe(3);
    expect((await run('actions', target, '--allow-none', '--fail-on', 'note')).code).toBe(1);
    expect((await run('actions', target, '--allow-none')).code).toBe(0);
  });

  // Nest ends the process for the first, Node for the second, with codes of their own.
  it.each(['createWithoutModule', 'createNever'])(
    'ends with 2 where the process ends before %s could be listed',
    async (name) => {
      const { code, stderr, stdout } = await run('actions', `${NEST}#${name}`, '--allow-none');
      expect(stderr).toContain('authsignal-guard: the process ended before the application was');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  it.each([
    ['no file', ['actions'], /say what to list/],
    ['another command', ['routes', NEST], /say what to list/],
    ['a file that is not there', ['actions', 'nowhere.js'], /nowhere\.js is not there/],
    ['an export that is not there', ['actions', NEST], /exports no default\. Name it/],
    ['what is no application', ['actions', `${EXPRESS}#nothing`], /neither a Nest nor an Express/],
    [
      'an application that cannot be made',
      ['actions', `${NEST}#createBroken`],
      /Error: no database/,
    ],
    ['a level that does not exist', ['actions', NEST, '--fail-on', 'error'], /--fail-on must be/],
    ['an option that does not exist', ['actions', NEST, '--yes'], /Unknown option '--yes'.*--help/],
  ])('ends with 2 for %s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('prints its help', async () => {
    const { code, stdout } = await run('--help');
    expect(stdout).toMatch(/^Usage: authsignal-guard actions FILE\[#EXPORT\]/);
    expect(code).toBe(0);
  });
});
