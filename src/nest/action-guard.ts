import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { ActionRequest } from '../core/action-request.js';
import { StepUpError } from '../core/errors.js';
import type { ActionPolicy } from '../core/policy.js';
import { renderVerdict } from '../core/render-verdict.js';
import { internalsOf, StepUpGate } from '../core/step-up-gate.js';
import type { RefusedVerdict } from '../core/verdict.js';
import { effectivePolicy } from './action-metadata.js';
import { actionRequestOf, placeOf } from './action-request.js';
import { asException, StepUpException } from './step-up-exception.js';
import { leaveHandshakeProof, takeHandshakeProof } from './transports/handshake-proof.js';
import { hideProof } from './transports/hide-proof.js';
import { nobodyWaits } from './transports/unanswered.js';
import { keepVerdict, verdictOf } from './verdicts.js';

/** The guard behind `@RequireAction`. It only throws; the filter answers. */
@Injectable()
export class ActionGuard implements CanActivate {
  constructor(@Inject(StepUpGate) private readonly gate: StepUpGate) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      return await this.#admit(context);
    } catch (error) {
      // GraphQL may run a field's guards without its filters.
      throw error instanceof StepUpError ? asException(error, internalsOf(this.gate).log) : error;
    }
  }

  async #admit(context: ExecutionContext): Promise<boolean> {
    const asked = actionRequestOf(context);
    const policy = this.#policyOf(context);
    if (verdictOf(context) !== undefined) {
      return true;
    }
    const { header } = internalsOf(this.gate).options;
    hideProof(context, header);
    const request = takeHandshakeProof(asked, header.toLowerCase());
    const verdict = await this.gate.evaluate(request, policy);
    leaveHandshakeProof(request, verdict);
    if (verdict.kind !== 'approved') {
      throw this.#refusal(verdict, request);
    }
    keepVerdict(context, verdict);
    return true;
  }

  #policyOf(context: ExecutionContext): ActionPolicy {
    const policy = effectivePolicy(context.getHandler());
    if (policy === undefined) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `${placeOf(context)} has the ActionGuard but no @RequireAction, or AuthsignalModule does not know its ` +
          'class. Guard it with @RequireAction and import AuthsignalModule.forRoot().',
      );
    }
    return policy;
  }

  #refusal(verdict: RefusedVerdict, { transport, route, raw }: ActionRequest): StepUpException {
    const refusal = new StepUpException(renderVerdict(verdict));
    if (transport === 'rpc' && nobodyWaits(raw)) {
      internalsOf(this.gate).log(
        `The event ${route} was refused with ${refusal.problem.code}, and nobody waits for the answer.`,
      );
    }
    return refusal;
  }
}
