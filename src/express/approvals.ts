import type { Request } from 'express';
import type { Approval } from '../core/approval.js';
import { StepUpError } from '../core/errors.js';

// Outside the request, so that no other code can put an approval there.
const approvals = new WeakMap<Request, Approval[]>();

export function addApproval(req: Request, approval: Approval): void {
  approvals.set(req, [...(approvals.get(req) ?? []), approval]);
}

/**
 * The approval of this request, for a handler behind `requireAction`.
 *
 * @param action which one, where a request passed several; by default the last.
 * @throws StepUpError `ERR_STEP_UP_NO_APPROVAL` when no `requireAction` stands before the handler.
 */
export function approvalOf<Body = unknown>(req: Request, action?: string): Approval<Body> {
  const given = approvals.get(req) ?? [];
  const approval = given.findLast((each) => action === undefined || each.action === action);
  if (approval === undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_NO_APPROVAL',
      `approvalOf(req): nothing approved ${action ?? 'this request'}. ` +
        `Put requireAction(gate, '${action ?? 'yourAction'}') before this handler.`,
    );
  }
  // The caller names the type that its own policy's `body` returns.
  return approval as Approval<Body>;
}
