import type { ActionRequest } from './action-request.js';
import type { BoundValue } from './bound-values.js';
import { RequestScope } from './request-scope.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { ResolvedPolicy } from './resolve-policy.js';
import type { LogLevel } from './warning-log.js';
import type { ProofRefusal, RefusalCode } from './wire.js';

/** One request under one policy, and what is known of it so far. */
export class Evaluation extends RequestScope {
  body: unknown;
  bound: BoundValue | undefined;
  /** How it was refused, or would have been where the policy only observes. */
  refusal: { readonly code: RefusalCode; readonly reason?: ProofRefusal } | undefined;

  constructor(
    request: ActionRequest,
    readonly policy: ResolvedPolicy,
    options: ResolvedOptions,
    log: (line: string, level?: LogLevel) => void,
  ) {
    super(request, options, log);
    this.body = request.body;
  }

  protected override get label(): string {
    return `Action "${this.action ?? this.policy.codes.join('|')}"`;
  }
}
