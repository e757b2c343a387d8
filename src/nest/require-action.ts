import 'reflect-metadata';
import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import type { SignedInRequest } from '../core/options.js';
import type { ActionChoice, ActionPolicy } from '../core/policy.js';
import { declaredPolicy } from '../core/resolve-policy.js';
import { ActionGuard } from './action-guard.js';
import { declarePolicy } from './action-metadata.js';
import { StepUpExceptionFilter } from './step-up-exception.filter.js';

/**
 * Puts `action` in front of a handler, or of every handler of a class. It binds the guard and the
 * exception filter itself: nothing else is needed but `AuthsignalModule` in the application, and
 * without that the application does not start.
 *
 * A method's policy goes over its class's, field by field, and that over the module's. The guard
 * runs behind all other guards of its route, so that authentication has found the user.
 *
 * A wrong action or policy is an error at start.
 */
export function RequireAction<Body = unknown, Raw = SignedInRequest>(
  action: ActionChoice<Raw>,
  policy: ActionPolicy<Body, Raw> = {},
): ClassDecorator & MethodDecorator {
  const declared = declaredPolicy(action, policy);
  const declare = (target: object, method?: string | symbol): void =>
    declarePolicy(declared, target, method);
  return applyDecorators(declare, UseGuards(ActionGuard), UseFilters(StepUpExceptionFilter));
}
