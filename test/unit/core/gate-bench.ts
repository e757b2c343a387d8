import type { ActionRequest } from '../../../src/core/action-request.js';
import type { StepUpEvent } from '../../../src/core/events.js';
import type { StepUpGateOptions } from '../../../src/core/options.js';
import type { ActionPolicy } from '../../../src/core/policy.js';
import type { StepUpGate } from '../../../src/core/step-up-gate.js';
import type { RefusedVerdict, Verdict } from '../../../src/core/verdict.js';
import { assembleGate } from '../../../src/create-step-up-gate.js';
import { MemoryReplayStore } from '../../../src/replay/memory-replay-store.js';
import { FakeAuthsignal, TestClock } from '../../../src/testing/index.js';

/** What the tests' requests carry; callbacks find the user here. */
export interface Raw {
  readonly user?: string | undefined;
}

export type Options = StepUpGateOptions<Raw>;
export type Policy = ActionPolicy<unknown, Raw>;
export type Request = ActionRequest<unknown, Raw>;

export const SECRET = 'key-material-of-the-tests';

/** A gate on the fake Authsignal, with everything that it says and does in view. */
export interface Bench {
  readonly gate: StepUpGate<Raw>;
  readonly authsignal: FakeAuthsignal;
  readonly clock: TestClock;
  readonly events: StepUpEvent[];
  readonly lines: string[];
  /** The names of the calls at Authsignal so far. */
  calls(): string[];
  /** The names of the events so far. */
  told(): string[];
}

export function bench(options: Partial<Options> = {}): Bench {
  const authsignal = new FakeAuthsignal();
  const clock = new TestClock();
  const events: StepUpEvent[] = [];
  const lines: string[] = [];
  const gate = assembleGate<Raw>(
    {
      authsignal,
      secret: SECRET,
      subject: ({ raw }) => raw.user,
      replayStore: new MemoryReplayStore({ clock }),
      clock,
      onEvent: (event) => {
        events.push(event);
      },
      ...options,
    },
    (line) => lines.push(line),
  );
  return {
    gate,
    authsignal,
    clock,
    events,
    lines,
    calls: () => authsignal.calls.map(({ call }) => call),
    told: () => events.map(({ type }) => type),
  };
}

export function requestOf(changes: Partial<Request> = {}): Request {
  return {
    transport: 'http',
    method: 'POST',
    path: '/payments',
    route: '/payments',
    params: {},
    query: {},
    headers: {},
    body: { amount: 100, payee: 'bob' },
    bodyState: 'read',
    ip: '192.0.2.1',
    raw: { user: 'alice' },
    ...changes,
  };
}

export const withProof = (proof: string, changes: Partial<Request> = {}): Request =>
  requestOf({ ...changes, headers: { ...changes.headers, 'step-up-proof': proof } });

export type ChallengeVerdict = Extract<RefusedVerdict, { kind: 'challenge' }>;

export function challengeIn(verdict: Verdict): ChallengeVerdict {
  if (verdict.kind !== 'challenge') {
    throw new Error(`Expected a challenge, got ${JSON.stringify(verdict)}`);
  }
  return verdict;
}

/** Has a request refused, and answers its challenge. @returns the proof. */
export async function provenBy(
  { gate, authsignal }: Bench,
  policy: Policy,
  request: Request = requestOf(),
  method = 'WHATSAPP',
): Promise<string> {
  const { challenge } = challengeIn(await gate.evaluate(request, policy));
  return authsignal.complete(challenge.token, method);
}

/** Every combination of the given values. */
export function combinations<T extends Record<string, readonly unknown[]>>(
  values: T,
): { [Name in keyof T]: T[Name][number] }[] {
  type Combination = { [Name in keyof T]: T[Name][number] };
  const grown = Object.entries(values).reduce<Record<string, unknown>[]>(
    (rows, [name, choices]) =>
      rows.flatMap((row) => choices.map((choice) => ({ ...row, [name]: choice }))),
    [{}],
  );
  return grown as Combination[];
}
