import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Emulator } from './emulator.js';
import { EmulatorError } from './emulator-error.js';
import type { EmulatorOptions } from './emulator-options.js';
import type { Message } from './message.js';
import { startEmulator } from './start-emulator.js';

const HELP = `Usage: authsignal-emulator [options]

Stands in for Authsignal on this machine. It is no production service.

  --port PORT      default 4400; 0 lets the system choose
  --host HOST      default 127.0.0.1
  --config FILE    JSON with the options of startEmulator
  --data FILE      keep the state in this file
  --secret SECRET  the API secret, default emulator-secret
  --tenant TENANT  the tenant id, default emulator-tenant
  --window         show the window (the page at /) to whoever can reach the port
  --no-window      do not; the default is to, on a loopback address alone
  --help           print this

What is given here goes before what the configuration file says.
`;

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  config: { type: 'string' },
  data: { type: 'string' },
  secret: { type: 'string' },
  tenant: { type: 'string' },
  window: { type: 'boolean' },
  'no-window': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Runs until SIGINT or SIGTERM; what went wrong is one sentence on stderr and exit code 1. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    const flags = readFlags(args);
    if (flags.help === true) {
      process.stdout.write(HELP);
      return;
    }
    const emulator = await startEmulator({ ...(await optionsOf(flags)), onMessage: printMessage });
    printStart(emulator);
    process.once('SIGINT', () => stop(emulator));
    process.once('SIGTERM', () => stop(emulator));
  } catch (error) {
    fail(error);
  }
}

function stop(emulator: Emulator): void {
  emulator.stop().then(() => process.stdout.write('Stopped.\n'), fail);
}

function fail(error: unknown): void {
  const sentence = error instanceof EmulatorError ? error.message : String(error);
  process.stderr.write(`authsignal-emulator: ${sentence}\n`);
  process.exitCode = 1;
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    const [sentence] = String(error)
      .replace(/^\w+( \[\w+\])?: /, '')
      .split(/\.( |$)/);
    throw new EmulatorError('flag_invalid', `${sentence}; see --help.`);
  }
}

async function optionsOf(flags: ReturnType<typeof readFlags>): Promise<EmulatorOptions> {
  const { port, host, config, data, secret, tenant } = flags;
  if (port !== undefined && !/^\d+$/.test(port)) {
    throw new EmulatorError('flag_invalid', '--port must be a whole number from 0 to 65535.');
  }
  const window = flags['no-window'] === true ? false : flags.window;
  return {
    port: 4400,
    ...(config === undefined ? {} : await readConfig(config)),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(host === undefined ? {} : { host }),
    ...(data === undefined ? {} : { dataFile: data }),
    ...(secret === undefined ? {} : { secret }),
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    ...(window === undefined ? {} : { window }),
  };
}

/** Functions and clocks cannot come from a file; `startEmulator` checks all else. */
async function readConfig(path: string): Promise<EmulatorOptions> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new EmulatorError('config_unreadable', `The configuration ${path} cannot be read.`);
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EmulatorError(
      'config_unreadable',
      `The configuration ${path} must hold one JSON object.`,
    );
  }
  for (const name of ['clock', 'onMessage']) {
    if (name in value) {
      throw new EmulatorError('option_invalid', `${name} cannot be set in a configuration file.`);
    }
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function printStart(emulator: Emulator): void {
  process.stdout.write(
    [
      'Authsignal emulator: for development and tests, not a production service.',
      ...(emulator.windowUrl === undefined ? [] : [`  window  ${emulator.windowUrl}`]),
      `  url     ${emulator.apiUrl}`,
      `  secret  ${emulator.secret}`,
      `  tenant  ${emulator.tenantId}`,
      '',
    ].join('\n'),
  );
}

function printMessage(message: Message): void {
  process.stdout.write(`${message.channel} to ${message.to}: ${message.code}\n`);
}
