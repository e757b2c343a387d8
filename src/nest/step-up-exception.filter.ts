import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { StepUpError } from '../core/errors.js';
import { problemText } from '../core/render-verdict.js';
import { type PlatformReply, writeReply } from './platform-reply.js';
import { asException, StepUpException } from './step-up-exception.js';
import { tellSocket } from './transports/tell-socket.js';
import { DuplicateWebhook } from './webhook/duplicate-webhook.js';

type Caught = StepUpException | StepUpError | DuplicateWebhook;

/**
 * Renders a refusal as its transport has it. Over HTTP as it is, since Nest's default filter would
 * answer `application/json`; over a socket as the event `exception`; to a microservice's caller as
 * an error that is an object; for GraphQL it is thrown on, with the problem in `extensions`.
 *
 * `@RequireAction` binds it; a handler that only calls `gate.require` gets it from the module, but
 * for a gateway's: put `@UseFilters(StepUpExceptionFilter)` on that.
 */
@Catch(StepUpException, StepUpError, DuplicateWebhook)
export class StepUpExceptionFilter implements ExceptionFilter<Caught> {
  catch(exception: Caught, host: ArgumentsHost): Observable<never> | undefined {
    if (exception instanceof DuplicateWebhook) {
      writeReply(replyOf(host), exception.answer);
      return undefined;
    }
    const refusal = asException(exception);
    const { problem, headers } = refusal;
    switch (host.getType<string>()) {
      case 'http': {
        const text = problemText({ status: problem.status, headers, body: problem });
        writeReply(replyOf(host), { status: problem.status, headers, text });
        return undefined;
      }
      case 'ws':
        tellSocket(host, problem);
        return undefined;
      case 'rpc':
        return throwError(() => ({ ...problem }));
      default:
        throw refusal;
    }
  }
}

function replyOf(host: ArgumentsHost): PlatformReply {
  return host.switchToHttp().getResponse<PlatformReply>();
}
