import { startEmulator } from 'authsignal-guard/emulator';
import { completeChallenge } from 'authsignal-guard/testing';

export interface Settings {
  readonly apiSecretKey: string;
  readonly apiUrl: string;
}

export interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

/** A payment refused, made with the proof, and tried again with the same proof. @returns the status of each. */
export async function tellStory(
  start: (settings: Settings) => Promise<Started>,
): Promise<number[]> {
  const emulator = await startEmulator({ actions: { createPayment: { outcome: 'CHALLENGE' } } });
  emulator.users.enroll('ann', { phoneNumber: '+64211234567' });
  const app = await start({ apiSecretKey: emulator.secret, apiUrl: emulator.apiUrl });
  const pay = (headers: Record<string, string>) =>
    fetch(`${app.url}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ amount: 200000, payee: 'ACME' }),
    });
  try {
    const refused = await pay({});
    const { challenge } = (await refused.json()) as { challenge: { token: string } };
    const proof = await completeChallenge(emulator, challenge.token);
    const paid = await pay({ 'step-up-proof': proof });
    const again = await pay({ 'step-up-proof': proof });
    return [refused.status, paid.status, again.status];
  } finally {
    await app.stop();
    await emulator.stop();
  }
}
