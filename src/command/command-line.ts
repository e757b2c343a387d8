import { parseArgs } from 'node:util';
import type { WarningLevel } from '../inventory/action-warning.js';
import { inventoryText } from '../inventory/inventory-text.js';
import type { ActionInventory } from '../inventory/listed-action.js';
import { CommandError } from './command-error.js';
import { inventoryOfModule } from './inventory-of-module.js';
import { withoutOutput } from './without-output.js';

const HELP = `Usage: authsignal-guard actions FILE[#EXPORT] [options]

Lists every guarded route of an application, its policy and what looks wrong about it.

FILE is a compiled module. EXPORT (by default: default) is a Nest application that was not started, an Express
application, or a function that makes one. A Nest application is initialised and closed again, so whatever it connects
to must be there. It need not listen.

  --json           print JSON
  --production     look at it as in production: process-local stores and a proxy that is not trusted are warnings
  --fail-on LEVEL  exit with 1 if there is a warning of this level: warning, or note for notes as well
  --allow-none     accept an application in which no route asks for an action, but for the WhatsApp routes
  --help           print this

Exit codes: 0, 1 for what --fail-on found, 2 for usage and if the application could not be read, 3 if no route asks for
an action; webhooks and the WhatsApp routes do not count.
`;

const OPTIONS = {
  json: { type: 'boolean' },
  production: { type: 'boolean' },
  'fail-on': { type: 'string' },
  'allow-none': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const FOUND = 1;
const FAILED = 2;
const NONE = 3;

/** Ends the process: an application may hold connections that keep it alive. */
export async function runCommand(args: readonly string[]): Promise<void> {
  process.once('exit', endedEarly);
  const {
    code,
    stdout = '',
    stderr = '',
  } = await run(args).catch((error: unknown) => ({
    code: FAILED,
    stdout: '',
    stderr: `authsignal-guard: ${sentence(error)}\n`,
  }));
  process.off('exit', endedEarly);
  // The application may end the process by itself before everything is printed.
  process.once('exit', () => {
    process.exitCode = code;
  });
  process.stderr.write(stderr);
  process.stdout.write(stdout, () => process.exit(code));
}

/** Nest ends the process itself where an application cannot be made, and Node where nothing is left to wait for. */
function endedEarly(): void {
  process.stderr.write(
    'authsignal-guard: the process ended before the application was listed. See above; in Nest, is AuthsignalModule imported?\n',
  );
  process.exitCode = FAILED;
}

interface Ended {
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

async function run(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = read(args);
  if (values.help === true) {
    return { code: 0, stdout: HELP };
  }
  const [command, target, ...rest] = positionals;
  if (command !== 'actions' || target === undefined || rest.length > 0) {
    throw new CommandError('say what to list, such as: actions dist/app.js#createApp; see --help.');
  }
  const level = levelOf(values['fail-on']);
  // What the application prints must not end up in the list.
  const inventory = await withoutOutput(() =>
    inventoryOfModule(target, { production: values.production === true }),
  );
  const stdout =
    values.json === true ? `${JSON.stringify(inventory, null, 2)}\n` : inventoryText(inventory);
  if (asksForNothing(inventory) && values['allow-none'] !== true) {
    const fault = `no route of ${target} asks for an action. If that is meant, give --allow-none; see --help.`;
    return { code: NONE, stdout, stderr: `authsignal-guard: ${fault}\n` };
  }
  return { code: fails(inventory, level) ? FOUND : 0, stdout };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [fault] = error instanceof Error ? error.message.split('. ') : [];
    throw new CommandError(`${fault ?? 'what was given is not understood'}. See --help.`);
  }
}

function levelOf(value: string | undefined): WarningLevel | undefined {
  if (value === undefined || value === 'warning' || value === 'note') {
    return value;
  }
  throw new CommandError('--fail-on must be warning or note.');
}

function fails({ warnings }: ActionInventory, level: WarningLevel | undefined): boolean {
  return (
    level !== undefined && warnings.some((warning) => level === 'note' || warning.level === level)
  );
}

/** Webhooks ask nobody, and the WhatsApp routes ask for themselves alone: they stay where every guard is gone. */
function asksForNothing({ actions }: ActionInventory): boolean {
  return actions.every(({ kind }) => kind !== 'action');
}

/** A stack helps where the application itself failed. */
function sentence(error: unknown): string {
  if (error instanceof CommandError) {
    return error.message;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
