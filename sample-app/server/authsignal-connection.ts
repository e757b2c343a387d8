import type { Emulator, Message } from 'authsignal-guard/emulator';
import type { Configuration, TenantSettings } from './configuration.js';

/** The tenant that the app talks to. */
export interface AuthsignalConnection extends TenantSettings {
  /** Where there are no keys. */
  readonly emulator: Emulator | undefined;
}

/** @param onMessage told each message that the stand-in sends. */
export async function connectAuthsignal(
  { tenant, emulatorPort = 0 }: Pick<Configuration, 'tenant' | 'emulatorPort'>,
  onMessage: (message: Message) => void,
): Promise<AuthsignalConnection> {
  if (tenant !== undefined) {
    return { ...tenant, emulator: undefined };
  }
  // Loaded only here: with keys the stand-in is no part of the process.
  const { startEmulatedTenant } = await import('./emulated-tenant.js');
  const emulator = await startEmulatedTenant({ onMessage, port: emulatorPort }).catch(
    (error: unknown) => {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'port_in_use';
      throw isTaken
        ? new Error(
            `Port ${emulatorPort} is in use; set EMULATOR_PORT to another one for the stand-in.`,
          )
        : error;
    },
  );
  const { secret: apiSecretKey, apiUrl, tenantId } = emulator;
  return { apiSecretKey, apiUrl, tenantId, emulator };
}
