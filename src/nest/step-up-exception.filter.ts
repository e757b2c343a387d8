import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { StepUpError } from '../core/errors.js';
import { problemText, type RenderedRefusal, renderVerdict } from '../core/render-verdict.js';
import { type PlatformReply, writeReply } from './platform-reply.js';
import { StepUpException } from './step-up-exception.js';
import { DuplicateWebhook } from './webhook/duplicate-webhook.js';

type Caught = StepUpException | StepUpError | DuplicateWebhook;

/**
 * Writes a refusal as it is, since Nest's default filter would answer `application/json`.
 * `@RequireAction` binds it; a handler that only calls `gate.require` gets it from the module.
 */
@Catch(StepUpException, StepUpError, DuplicateWebhook)
export class StepUpExceptionFilter implements ExceptionFilter<Caught> {
  catch(exception: Caught, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      throw exception;
    }
    const reply = host.switchToHttp().getResponse<PlatformReply>();
    if (exception instanceof DuplicateWebhook) {
      writeReply(reply, exception.answer);
      return;
    }
    const { problem, headers } = exception;
    if (problem === undefined) {
      // A mistake in the application's code: its text is for the log alone.
      logger.error(exception.message);
      writeRefusal(reply, renderVerdict({ kind: 'misconfigured' }));
    } else {
      writeRefusal(reply, { status: problem.status, headers, body: problem });
    }
  }
}

const logger = new Logger('AuthsignalGuard');

function writeRefusal(reply: PlatformReply, rendered: RenderedRefusal): void {
  const { status, headers } = rendered;
  writeReply(reply, { status, headers, text: problemText(rendered) });
}
