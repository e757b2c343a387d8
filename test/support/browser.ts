import type { Emulator } from 'authsignal-guard/emulator';

/** Calls Authsignal's Client API as the browser SDK does. */
export async function clientCall(
  emulator: Emulator,
  token: string,
  path: string,
  body: object = {},
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${emulator.apiUrl}/client${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const value: unknown = await answer.json();
  return value as Record<string, unknown>;
}

/** Has the code sent to the user's phone, reads it there and hands it in. */
export async function answerChallenge(
  emulator: Emulator,
  token: string,
  phoneNumber: string,
): Promise<{ readonly proof: string; readonly code: string }> {
  await clientCall(emulator, token, '/challenge/whatsapp');
  const code = await emulator.inbox.waitForCode(phoneNumber);
  const verified = await clientCall(emulator, token, '/verify/whatsapp', {
    verificationCode: code,
  });
  if (verified.isVerified !== true || typeof verified.accessToken !== 'string') {
    throw new Error(`The challenge could not be answered: ${JSON.stringify(verified)}`);
  }
  return { proof: verified.accessToken, code };
}
