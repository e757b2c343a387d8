import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { StepUpError } from '../core/errors.js';
import { effectivePolicy } from './action-metadata.js';

/**
 * Stands on every controller that has a guarded handler, and lets through only what was arranged:
 * guarded handlers, and those that nothing guards. A function that came onto the instance later
 * carries none of its method's guards, so it must not run.
 */
export class StrayHandlerGuard implements CanActivate {
  /** @param open the handlers that nothing guards, and their names. */
  constructor(private readonly open: ReadonlySet<unknown>) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    if (this.open.has(handler) || effectivePolicy(handler) !== undefined) {
      return true;
    }
    const name = handler.name.replace(/^bound /, '');
    if (!this.open.has(name)) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `${context.getClass().name}.${name} is not the method that @RequireAction guards. ` +
          'Do not assign or bind handlers in the constructor.',
      );
    }
    return true;
  }
}
