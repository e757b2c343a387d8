import type {
  ActionChoice,
  ActionPolicy,
  ActionRequest,
  Approval,
  SignedInRequest,
  StepUpGate,
  StepUpGateOptions,
} from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import type { RequestHandler } from 'express';

export type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options' | 'all';

/** What a handler of the bank sees, on every platform alike. */
export interface Visit {
  /** Undefined on a route without a gate. */
  readonly approval: Approval | undefined;
  /** Nest: what `@Approved('body')` gave; Express: `approvalOf(req).body`. */
  readonly approvedBody: unknown;
  readonly request: ActionRequest<unknown, SignedInRequest>;
  readonly gate: StepUpGate;
}

export interface Route {
  readonly verb: Verb;
  readonly path: string;
  /** Left out: no gate stands before the handler. */
  readonly action?: ActionChoice<SignedInRequest>;
  readonly policy: ActionPolicy<unknown, SignedInRequest>;
  /** Default: answers with the approval. */
  readonly handle: (visit: Visit) => unknown;
  /** Express only. */
  readonly before: readonly RequestHandler[];
}

/** One small application: the same routes and options on every platform. */
export interface Bank {
  readonly options?: (emulator: Emulator) => Partial<StepUpGateOptions>;
  readonly routes: readonly Route[];
  /** Before and around the gate: once this settles, the host answers 503 for a handler that runs on. */
  readonly giveUp?: () => Promise<void>;
}

type Extras = Partial<Pick<Route, 'handle' | 'before'>>;

/** A guarded route. */
export function guarded<Body = unknown>(
  verb: Verb,
  path: string,
  action: ActionChoice<SignedInRequest>,
  policy: ActionPolicy<Body, SignedInRequest> = {},
  extras: Extras = {},
): Route {
  return { verb, path, action, policy, handle: showApproval, before: [], ...extras };
}

/** A route without a gate before it. */
export function open(verb: Verb, path: string, handle: Route['handle']): Route {
  return { verb, path, policy: {}, handle, before: [] };
}

function showApproval({ approval, approvedBody }: Visit): unknown {
  return { done: true, approval, approvedBody };
}
