import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { ActionChoice, ActionPolicy } from '../core/policy.js';
import { renderVerdict } from '../core/render-verdict.js';
import type { StepUpGate } from '../core/step-up-gate.js';
import type { Verdict } from '../core/verdict.js';
import { actionRequestOf } from './action-request.js';
import { addApproval } from './approvals.js';
import { runReturningProof } from './return-proof.js';
import { writeRefusal } from './write-refusal.js';

/**
 * Puts `action` in front of the handlers behind it: they run only for a request that the gate
 * approved, and read the approval with `approvalOf(req)`. Put authentication and body parsers
 * before it. Every refusal is answered as `application/problem+json`.
 *
 * Works in Express 4 and 5. Where the same middleware meets a request twice, it evaluates once.
 *
 * @throws StepUpError at start, when the action or the policy cannot be right.
 */
export function requireAction<Raw, Body = unknown>(
  gate: StepUpGate<Raw>,
  action: ActionChoice<Raw>,
  policy: ActionPolicy<Body, Raw> = {},
): RequestHandler {
  const declared: ActionPolicy<Body, Raw> = Object.freeze({ ...policy, action });
  gate.prepare(declared);
  const approved = new WeakSet<Request>();
  return async function stepUp(req, res, next): Promise<void> {
    if (approved.has(req)) {
      next();
      return;
    }
    let verdict: Verdict;
    try {
      verdict = await gate.evaluate(actionRequestOf<Raw>(req), declared);
    } catch (error) {
      next(error);
      return;
    }
    if (verdict.kind === 'approved') {
      approved.add(req);
    }
    answer(verdict, req, res, next);
  };
}

function answer(verdict: Verdict, req: Request, res: Response, next: NextFunction): void {
  if (verdict.kind !== 'approved') {
    writeRefusal(res, renderVerdict(verdict));
    return;
  }
  addApproval(req, verdict.approval);
  if (verdict.returnProof === undefined) {
    next();
  } else {
    runReturningProof(res, next, verdict.returnProof);
  }
}
