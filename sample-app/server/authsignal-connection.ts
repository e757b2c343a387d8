import type { Emulator, Message } from 'authsignal-guard/emulator';
import type { TenantSettings } from './configuration.js';

/** The tenant that the app talks to. */
export interface AuthsignalConnection extends TenantSettings {
  /** Where there are no keys. */
  readonly emulator: Emulator | undefined;
}

/** @param onMessage told each message that the stand-in sends. */
export async function connectAuthsignal(
  tenant: TenantSettings | undefined,
  onMessage: (message: Message) => void,
): Promise<AuthsignalConnection> {
  if (tenant !== undefined) {
    return { ...tenant, emulator: undefined };
  }
  // Loaded only here: with keys the stand-in is no part of the process.
  const { startEmulatedTenant } = await import('./emulated-tenant.js');
  const emulator = await startEmulatedTenant({ onMessage });
  return { apiSecretKey: emulator.secret, apiUrl: emulator.apiUrl, emulator };
}
