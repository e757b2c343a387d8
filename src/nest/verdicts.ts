import type { ExecutionContext } from '@nestjs/common';
import type { ApprovedVerdict } from '../core/verdict.js';

// Outside the request, so that no other code can put an approval there.
const verdicts = new WeakMap<object, Map<object, ApprovedVerdict>>();

/** The approval of this request for this handler. */
export function verdictOf(context: ExecutionContext): ApprovedVerdict | undefined {
  return verdicts.get(requestOf(context))?.get(context.getHandler());
}

export function keepVerdict(context: ExecutionContext, verdict: ApprovedVerdict): void {
  const request = requestOf(context);
  const kept = verdicts.get(request) ?? new Map<object, ApprovedVerdict>();
  verdicts.set(request, kept.set(context.getHandler(), verdict));
}

function requestOf(context: ExecutionContext): object {
  return context.switchToHttp().getRequest<object>();
}
