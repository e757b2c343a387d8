import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { StepUpError } from '../core/errors.js';
import { effectivePolicy } from './action-metadata.js';
import { verdictForParameter } from './verdicts.js';

const UNGUARDED = "Put @RequireAction('yourAction') on the handler.";
const OVERRIDDEN =
  'The guard of its @RequireAction did not run. In a test do not override ActionGuard but AUTHSIGNAL_OPTIONS, with a ' +
  'FakeAuthsignal: it allows every action unless told otherwise.';

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
      const place = `${context.getClass().name}.${context.getHandler().name}`;
      const fix = effectivePolicy(context.getHandler()) === undefined ? UNGUARDED : OVERRIDDEN;
      throw new StepUpError(
        'ERR_STEP_UP_NO_APPROVAL',
        `@Approved() in ${place}: nothing approved this request. ${fix}`,
      );
    }
    return part === 'body' ? verdict.approval.body : verdict.approval;
  },
);
