import type { Request, RequestHandler } from 'express';
import type { ActionChoice, ActionPolicy } from '../core/policy.js';
import { renderVerdict } from '../core/render-verdict.js';
import { declaredPolicy } from '../core/resolve-policy.js';
import type { StepUpGate } from '../core/step-up-gate.js';
import { actionRequestOf } from './action-request.js';
import { addApproval } from './approvals.js';
import { declareMiddleware } from './inventory/declared-middleware.js';
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
  const declared = declaredPolicy(action, policy);
  gate.prepare(declared);
  const approved = new WeakMap<Request, Meeting>();
  const stepUp: RequestHandler = async function stepUp(req, res, next): Promise<void> {
    const met = approved.get(req);
    if (met !== undefined && isSame(met, meetingOf(req))) {
      next();
      return;
    }
    try {
      const verdict = await gate.evaluate(actionRequestOf<Raw>(req), declared);
      if (verdict.kind !== 'approved') {
        writeRefusal(res, renderVerdict(verdict));
        return;
      }
      approved.set(req, meetingOf(req));
      addApproval(req, verdict.approval);
      runReturningProof(res, next, verdict.returnProof);
    } catch (error) {
      next(error);
    }
  };
  return declareMiddleware(stepUp, { kind: 'action', gate, policy: declared });
}

/** What a request was when it was approved: an application may dispatch it again as another. */
interface Meeting {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

function meetingOf(req: Request): Meeting {
  const { method, baseUrl, url, body } = req;
  // Mounted at the very path, `url` is a slash that the whole path has not.
  return { method, url: (baseUrl + url).replace(/\/(?=\?|$)/, ''), body };
}

function isSame(one: Meeting, other: Meeting): boolean {
  return one.method === other.method && one.url === other.url && one.body === other.body;
}
