import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { StepUpError } from '../core/errors.js';
import { renderVerdict } from '../core/render-verdict.js';
import { StepUpGate } from '../core/step-up-gate.js';
import { effectivePolicy } from './action-metadata.js';
import { actionRequestOf } from './action-request.js';
import { StepUpException } from './step-up-exception.js';
import { keepVerdict, verdictOf } from './verdicts.js';

/** The guard behind `@RequireAction`. It only throws; the filter answers. */
@Injectable()
export class ActionGuard implements CanActivate {
  constructor(@Inject(StepUpGate) private readonly gate: StepUpGate) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const place = `${context.getClass().name}.${context.getHandler().name}`;
    if (context.getType() !== 'http') {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `@RequireAction on ${place}: only HTTP handlers can be guarded.`,
      );
    }
    const policy = effectivePolicy(context.getHandler());
    if (policy === undefined) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `${place} has the ActionGuard but no @RequireAction, or AuthsignalModule does not know its ` +
          'class. Guard it with @RequireAction and import AuthsignalModule.forRoot().',
      );
    }
    if (verdictOf(context) !== undefined) {
      return true;
    }
    const request = actionRequestOf(context.switchToHttp().getRequest());
    // Which handler runs may depend on more than method and path: on a version in a header, say.
    const verdict = await this.gate.evaluate({ ...request, handler: place }, policy);
    if (verdict.kind !== 'approved') {
      throw new StepUpException(renderVerdict(verdict));
    }
    keepVerdict(context, verdict);
    return true;
  }
}
