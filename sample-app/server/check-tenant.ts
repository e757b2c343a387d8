import { HttpAuthsignal } from 'authsignal-guard';
import type { TenantSettings } from './configuration.js';

/**
 * Asks Authsignal something harmless, so that a wrong key is known before the first user comes.
 * @throws Error one sentence, without the key
 */
export async function checkTenant({ apiSecretKey, apiUrl }: TenantSettings): Promise<void> {
  const authsignal = new HttpAuthsignal({ apiSecretKey, apiUrl });
  const answer = await authsignal.getUser({ userId: 'user-ann' });
  await authsignal.close();
  if (answer.ok) {
    return;
  }
  const { kind, status } = answer.failure;
  throw new Error(
    kind === 'unauthorized'
      ? `Authsignal refuses AUTHSIGNAL_SECRET at ${apiUrl}: check the key, and that AUTHSIGNAL_URL is of the same region.`
      : `Authsignal cannot be asked at ${apiUrl} (${status ?? kind}): check AUTHSIGNAL_URL and the network.`,
  );
}
