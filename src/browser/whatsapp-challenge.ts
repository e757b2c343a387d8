import { abortReason } from './abort.js';
import type { StepUpChallenge, StepUpPrompt } from './challenge.js';
import { StepUpChallengeError } from './errors.js';
import { promptsOfThePage } from './waiting-line.js';

interface SdkAnswer<T> {
  data?: T;
  error?: string;
  errorCode?: string;
}

/** The parts of an `Authsignal` of `@authsignal/browser` that are called. */
export interface WhatsAppSdk {
  setToken(token: string): void;
  readonly whatsapp: {
    challenge(): Promise<SdkAnswer<{ challengeId: string }>>;
    verify(given: {
      code: string;
    }): Promise<SdkAnswer<{ isVerified: boolean; token?: string; failureReason?: string }>>;
  };
}

/** What your own UI is given to ask for the code that went out. */
export interface CodePrompt {
  readonly action: string;
  /** Why the last code did not count, such as `CODE_INVALID_OR_EXPIRED`, `too_many_requests` or `network_error`. */
  readonly error?: string;
  /** Why the same request prompts again. */
  readonly reason?: StepUpPrompt['reason'];
  /** Sends another message. Rejects with {@link StepUpChallengeError}. */
  readonly resend: () => Promise<void>;
  /** Close the prompt when it aborts. */
  readonly signal: AbortSignal;
}

export interface WhatsAppChallengeOptions {
  readonly authsignal: WhatsAppSdk;
  /** Returns the code as typed, or `undefined` if the user gave up. Asked again after a code that did not count. */
  readonly ask: (prompt: CodePrompt) => string | undefined | Promise<string | undefined>;
}

/**
 * A challenge in your own UI: sends the code by WhatsApp and asks until it is right. One at a time on the page.
 *
 * Rejects with {@link StepUpChallengeError} if no message could be sent, if the challenge has expired
 * (`expired_token`) or if WhatsApp does not count for the action (`method_not_allowed`).
 */
export function challengeWithWhatsApp(options: WhatsAppChallengeOptions): StepUpChallenge {
  return (prompt) => promptsOfThePage(prompt.signal, () => askForCode(options, prompt));
}

async function askForCode(
  { authsignal, ask }: WhatsAppChallengeOptions,
  { action, challenge, reason, signal }: StepUpPrompt,
): Promise<string | undefined> {
  const { token, methods } = challenge;
  if (methods.length > 0 && !methods.includes('WHATSAPP')) {
    throw new StepUpChallengeError('method_not_allowed');
  }
  const resend = (): Promise<void> => sendCode(authsignal, token);
  await resend();
  const why = reason === undefined ? {} : { reason };
  let failure: { error?: string } = {};
  for (;;) {
    throwIfAborted(signal);
    const code = await ask({ action, resend, signal, ...why, ...failure });
    throwIfAborted(signal);
    if (code === undefined || code === '') {
      return undefined;
    }
    const outcome = await verifyCode(authsignal, token, code);
    if ('proof' in outcome) {
      return outcome.proof;
    }
    failure = outcome;
  }
}

// All instances of the SDK on a page share one token, so it is set right before each call; the SDK
// reads it before it first waits.
async function sendCode(authsignal: WhatsAppSdk, token: string): Promise<void> {
  authsignal.setToken(token);
  const { data, error, errorCode } = await authsignal.whatsapp.challenge().catch(unreachable);
  if (data?.challengeId === undefined) {
    throw new StepUpChallengeError(errorCode ?? 'unexpected_answer', error);
  }
}

async function verifyCode(
  authsignal: WhatsAppSdk,
  token: string,
  code: string,
): Promise<{ readonly proof: string } | { readonly error: string }> {
  authsignal.setToken(token);
  const { data, error, errorCode } = await authsignal.whatsapp.verify({ code }).catch(unreachable);
  if (errorCode === 'expired_token') {
    throw new StepUpChallengeError(errorCode, error);
  }
  return data?.isVerified === true
    ? { proof: data.token ?? token }
    : { error: data?.failureReason ?? errorCode ?? 'unexpected_answer' };
}

/** The SDK rejects when it is offline or is answered no JSON; the code of its documentation never comes. */
const unreachable = (): { error: string; errorCode: string; data?: undefined } => ({
  error: 'Authsignal could not be reached.',
  errorCode: 'network_error',
});

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw abortReason(signal);
  }
}
