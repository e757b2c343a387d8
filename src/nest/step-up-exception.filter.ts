import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { type Observable, of, throwError } from 'rxjs';
import { systemClock } from '../core/clock.js';
import { StepUpError } from '../core/errors.js';
import { problemText } from '../core/render-verdict.js';
import { WarningLog } from '../core/warning-log.js';
import { type PlatformReply, writeReply } from './platform-reply.js';
import { asException, StepUpException } from './step-up-exception.js';
import { messageProblem } from './transports/message-data.js';
import { answerOf } from './transports/property.js';
import { tellSocket } from './transports/tell-socket.js';
import { endsQuietly } from './transports/unanswered.js';
import { DuplicateWebhook } from './webhook/duplicate-webhook.js';

const logger = new Logger('AuthsignalGuard');

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
  // Filters are made by whoever binds them, without a gate whose log they could share.
  readonly #warnings = new WarningLog((line, level) => logger[level](line), systemClock);

  catch(exception: Caught, host: ArgumentsHost): Observable<undefined> | undefined {
    if (exception instanceof DuplicateWebhook) {
      writeReply(replyOf(host), exception.answer);
      return undefined;
    }
    const refusal = asException(exception, (line, level) => this.#warnings.warn(line, level));
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
        return this.#tellCaller(host, refusal, exception);
      default:
        throw refusal;
    }
  }

  #tellCaller(
    host: ArgumentsHost,
    { problem }: StepUpException,
    caught: StepUpException | StepUpError,
  ): Observable<undefined> {
    const rpc = host.switchToRpc();
    const raw: unknown = rpc.getContext();
    if (!endsQuietly(raw, problem.status)) {
      return throwError(() => ({ ...messageProblem(problem, rpc.getData()) }));
    }
    // The guard has logged its own refusals; one of `gate.require` nobody else would ever see.
    if (caught instanceof StepUpError) {
      this.#warnings.warn(
        `A message of the topic ${String(answerOf(raw, 'getTopic'))} was refused with ${problem.code}, ` +
          'and nobody waits for the answer.',
      );
    }
    return of(undefined);
  }
}

function replyOf(host: ArgumentsHost): PlatformReply {
  return host.switchToHttp().getResponse<PlatformReply>();
}
