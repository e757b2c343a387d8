import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { StepUpError } from '../core/errors.js';
import { verdictForParameter } from './verdicts.js';

/**
 * What the gate approved: `@Approved()` the whole approval, `@Approved('body')` the validated body
 * that `bind` saw, which no later pipe has touched.
 *
 * Answers 500 on a handler that no `@RequireAction` guards.
 */
export const Approved: (part?: 'body') => ParameterDecorator = createParamDecorator(
  (part: 'body' | undefined, context: ExecutionContext) => {
    const verdict = verdictForParameter(context);
    if (verdict === undefined) {
      throw new StepUpError(
        'ERR_STEP_UP_NO_APPROVAL',
        `@Approved() in ${context.getClass().name}.${context.getHandler().name}: ` +
          "nothing approved this request. Put @RequireAction('yourAction') on the handler.",
      );
    }
    return part === 'body' ? verdict.approval.body : verdict.approval;
  },
);
