import { AsyncLocalStorage } from 'node:async_hooks';
import type { ExecutionContext } from '@nestjs/common';
import type { ApprovedVerdict } from '../core/verdict.js';
import { resolveInfo } from './transports/graphql-action-request.js';

// Outside the request, so that no other code can put an approval there.
const verdicts = new WeakMap<object, Map<object, ApprovedVerdict>>();

// Of a message nothing else stays the same on the way from the guard to the handler's parameters.
const within = new AsyncLocalStorage<object>();

/** The approval of this request for this handler. For guards and interceptors. */
export function verdictOf(context: ExecutionContext): ApprovedVerdict | undefined {
  return kept(requestOf(context), context);
}

/** The same for the handler's parameters. */
export function verdictForParameter(context: ExecutionContext): ApprovedVerdict | undefined {
  return isMessage(context) ? kept(within.getStore(), context) : verdictOf(context);
}

export function keepVerdict(context: ExecutionContext, verdict: ApprovedVerdict): void {
  const request = requestOf(context);
  const ofRequest = verdicts.get(request) ?? new Map<object, ApprovedVerdict>();
  verdicts.set(request, ofRequest.set(context.getHandler(), verdict));
}

/** Runs what follows the guards, so that the handler's parameters find the approval. */
export function withVerdicts<T>(context: ExecutionContext, run: () => T): T {
  return isMessage(context) ? within.run(requestOf(context), run) : run();
}

function kept(request: object | undefined, context: ExecutionContext): ApprovedVerdict | undefined {
  return request && verdicts.get(request)?.get(context.getHandler());
}

function requestOf(context: ExecutionContext): object {
  if (isMessage(context)) {
    return context.getArgs();
  }
  return context.getType<string>() === 'graphql'
    ? resolveInfo(context)
    : context.switchToHttp().getRequest<object>();
}

/** A socket's client has many messages, and a message may be a mere text. */
function isMessage(context: ExecutionContext): boolean {
  return ['ws', 'rpc'].includes(context.getType());
}
