import { BrokenOff } from './endings.mjs';

/**
 * What the emulator has: the values of each switch, its default first, and its limits. They are
 * those of the built package, which is what its users run.
 * @typedef {object} EmulatorDefaults
 * @property {Readonly<Record<string, readonly unknown[]>>} switches
 * @property {Readonly<Record<string, unknown>>} limits with a dot where one lies within another
 */

/**
 * @returns {Promise<EmulatorDefaults>}
 * @throws {BrokenOff}
 */
export async function emulatorDefaults() {
  const emulator = await import('authsignal-guard/emulator').catch(() => undefined);
  if (emulator === undefined) {
    throw new BrokenOff('The emulator is not built; run "npm run build" first.');
  }
  const { SWITCH_CHOICES, DEFAULT_LIMITS } = emulator;
  const limits = Object.entries(DEFAULT_LIMITS).flatMap(([name, value]) =>
    typeof value === 'object'
      ? Object.entries(value).map(([part, number]) => [`${name}.${part}`, number])
      : [[name, value]],
  );
  return { switches: SWITCH_CHOICES, limits: Object.fromEntries(limits) };
}
