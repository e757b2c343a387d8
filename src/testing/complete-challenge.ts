/** What of `startEmulator`'s emulator is needed. */
export interface ChallengedEmulator {
  /** Ends in `/v1`. */
  readonly apiUrl: string;
  readonly inbox: {
    messages(): readonly { readonly to: string; readonly challengeId: string }[];
    waitForCode(to: string): Promise<string>;
  };
}

export interface ChallengeAnswerOptions {
  /** How the user answers. Default `WHATSAPP`. */
  readonly method?: 'WHATSAPP' | 'SMS' | 'EMAIL_OTP';
}

const SEGMENTS = { WHATSAPP: 'whatsapp', SMS: 'sms', EMAIL_OTP: 'email-otp' } as const;

/**
 * Answers a challenge at the emulator as the user does in the browser: has the code sent, reads it in the inbox of
 * whoever it went to, and hands it in.
 *
 * @param token the `challenge.token` of a `step_up_required`.
 * @returns the proof to send in `Step-Up-Proof`.
 * @throws Error with the emulator's own words where it refuses.
 */
export async function completeChallenge(
  emulator: ChallengedEmulator,
  token: string,
  { method = 'WHATSAPP' }: ChallengeAnswerOptions = {},
): Promise<string> {
  const segment = SEGMENTS[method];
  const { challengeId } = await call(emulator, token, `challenge/${segment}`, {});
  const message = emulator.inbox.messages().findLast((each) => each.challengeId === challengeId);
  if (message === undefined) {
    throw new Error('The emulator sent no message for this challenge.');
  }
  const verificationCode = await emulator.inbox.waitForCode(message.to);
  const verified = await call(emulator, token, `verify/${segment}`, { verificationCode });
  const { accessToken } = verified;
  if (typeof accessToken !== 'string') {
    throw new Error(`The emulator did not take the code: ${JSON.stringify(verified)}`);
  }
  return accessToken;
}

async function call(
  { apiUrl }: ChallengedEmulator,
  token: string,
  path: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${apiUrl}/client/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`The emulator refused ${path} with ${answer.status}: ${text}`);
  }
  return Object(JSON.parse(text));
}
