import { randomUUID } from 'node:crypto';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { callAuthsignal } from '../core/call-authsignal.js';
import { identifier } from '../core/identify.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import type { FlowScope } from './flow-scope.js';
import type { SignInOptions } from './options.js';
import type { HandleContent } from './sealed-handle.js';

/** The application's own answer, with the headers that it set. */
export interface SignedIn {
  /** JSON. */
  readonly text: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

type Completion = NonNullable<HandleContent['completion']>;
type Unfinished = 'findOrCreateUser' | 'claim' | 'signedIn';

/** A handle that needs no code is worth a session, so it lives short. */
const COMPLETION_LIFE_MS = 300_000;
const RETRY_MS = 1_000;

/**
 * What follows a right code: the user, then the claim, then the application's session. What was
 * done already is not done again, and what fails can be finished without another code.
 */
export async function completeSignIn(
  scope: FlowScope,
  options: SignInOptions<unknown>,
  flow: HandleContent,
): Promise<Step<SignedIn>> {
  const { phoneNumber, completion } = flow;
  const userId = completion?.userId ?? (await findUser(scope, options, phoneNumber));
  if (userId === undefined) {
    return incomplete(scope, flow, 'findOrCreateUser', {});
  }
  scope.subject = userId;
  const token = completion?.token ?? (await claim(scope, flow.challengeId, userId));
  if (token === undefined) {
    return incomplete(scope, flow, 'claim', { userId });
  }
  const answer = await signIn(scope, options, { phoneNumber, userId, token });
  if (answer === undefined) {
    return incomplete(scope, flow, 'signedIn', { userId, token });
  }
  scope.report({ type: 'signed_in', phoneNumber: maskPhone(phoneNumber) });
  return proceed(answer);
}

async function findUser(
  scope: FlowScope,
  options: SignInOptions<unknown>,
  phoneNumber: string,
): Promise<string | undefined> {
  const { request } = scope;
  const found = await scope.call('findOrCreateUser', () =>
    options.findOrCreateUser({ phoneNumber, request }),
  );
  if (!found.ok) {
    return undefined;
  }
  const userId = identifier(found.value);
  if (userId !== undefined) {
    return userId;
  }
  scope.callbackFailed('findOrCreateUser', 'returned no user id');
  return undefined;
}

async function claim(
  scope: FlowScope,
  challengeId: string,
  userId: string,
): Promise<string | undefined> {
  const result = await callAuthsignal('claimChallenge', () =>
    scope.options.port.claimChallenge({ challengeId, userId }),
  );
  if (!result.ok) {
    scope.report({ type: 'authsignal_failed', failure: result.failure });
    return undefined;
  }
  return result.value.token;
}

async function signIn(
  scope: FlowScope,
  options: SignInOptions<unknown>,
  proven: { readonly phoneNumber: string; readonly userId: string; readonly token: string },
): Promise<SignedIn | undefined> {
  const headers = new Map<string, readonly string[]>();
  const setHeader = (name: string, value: string): void => {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), value]);
  };
  const { request } = scope;
  const answered = await scope.call('signedIn', async () =>
    jsonOf(await options.signedIn({ ...proven, request, setHeader })),
  );
  return answered.ok ? { text: answered.value, headers: Object.fromEntries(headers) } : undefined;
}

function jsonOf(body: unknown): string {
  const text: unknown =
    typeof body === 'object' && body !== null ? JSON.stringify(body) : undefined;
  if (typeof text !== 'string') {
    throw new TypeError('signedIn returned no object that JSON can hold');
  }
  return text;
}

async function incomplete(
  scope: FlowScope,
  flow: HandleContent,
  step: Unfinished,
  done: Omit<Completion, 'id'>,
): Promise<Step<never>> {
  const phoneNumber = maskPhone(flow.phoneNumber);
  scope.report({ type: 'sign_in_incomplete', step, phoneNumber });
  const handle = await scope.parts.seal.seal({
    ...flow,
    // From the right code on: whoever held the phone then must not wait until something works.
    expiresAt:
      flow.completion === undefined
        ? scope.options.clock.now() + COMPLETION_LIFE_MS
        : flow.expiresAt,
    completion: { ...done, id: randomUUID() },
  });
  return refuse({ kind: 'sign_in_incomplete', handle, retryAfterMs: RETRY_MS });
}
