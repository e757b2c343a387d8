import {
  type Emulator,
  type EmulatorOptions,
  type EmulatorSwitches,
  startEmulator,
} from 'authsignal-guard/emulator';
import { CheckCommand, keysOf } from './check-command.js';

export const PHONE = '+64219876543';
export const LIMITS_PHONE = '+64211234567';
export const ACTIONS = ['--action', 'allowed', '--blocked-action', 'blocked'];
export const LIMITS = ['--limits', '--limits-phone', LIMITS_PHONE];
const emulators: Emulator[] = [];
const commands: CheckCommand[] = [];

export async function tenant(
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

/** Ends every process and stops every emulator of this file. */
export async function endAll(): Promise<void> {
  for (const { child } of commands) child.kill('SIGKILL');
  await Promise.all(emulators.map((emulator) => emulator.stop()));
}

export function launch(
  args: readonly string[],
  keys: Readonly<Record<string, string>>,
): CheckCommand {
  const command = new CheckCommand(args, keys);
  commands.push(command);
  return command;
}

export function start(emulator: Emulator, ...args: string[]): CheckCommand {
  return launch(['--json', ...args], keysOf(emulator));
}

/** With every flag; what waits for the time to pass lets it pass at once. */
export function startWhole(emulator: Emulator): CheckCommand {
  const codes = ['--phone', PHONE, '--codes-from', emulator.url];
  const command = start(emulator, ...codes, ...LIMITS, ...ACTIONS, '--wait');
  return command.whenPrinted('Waiting until', () => emulator.clock.advance(660_000));
}
