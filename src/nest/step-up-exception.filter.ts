import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { StepUpError } from '../core/errors.js';
import { problemText, type RenderedRefusal, renderVerdict } from '../core/render-verdict.js';
import { StepUpException } from './step-up-exception.js';

/** Express's response: Node's own. */
interface NodeReply {
  readonly headersSent: boolean;
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(text: string): unknown;
}

interface FastifyReply {
  readonly sent: boolean;
  code(status: number): unknown;
  headers(headers: Readonly<Record<string, string | number>>): unknown;
  send(text: string): unknown;
}

/**
 * Writes a refusal as it is, since Nest's default filter would answer `application/json`.
 * `@RequireAction` binds it; a handler that only calls `gate.require` gets it from the module.
 */
@Catch(StepUpException, StepUpError)
export class StepUpExceptionFilter implements ExceptionFilter<StepUpException | StepUpError> {
  catch(exception: StepUpException | StepUpError, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      throw exception;
    }
    const reply = host.switchToHttp().getResponse<NodeReply | FastifyReply>();
    const { problem, headers } = exception;
    if (problem === undefined) {
      // A mistake in the application's code: its text is for the log alone.
      logger.error(exception.message);
      write(reply, renderVerdict({ kind: 'misconfigured' }));
    } else {
      write(reply, { status: problem.status, headers, body: problem });
    }
  }
}

const logger = new Logger('AuthsignalGuard');

function write(reply: NodeReply | FastifyReply, rendered: RenderedRefusal): void {
  const text = problemText(rendered);
  const headers = { ...rendered.headers, 'content-length': Buffer.byteLength(text) };
  if ('code' in reply) {
    if (!reply.sent) {
      reply.code(rendered.status);
      reply.headers(headers);
      reply.send(text);
    }
  } else if (!reply.headersSent) {
    // Past `res.send`, which would add an ETag to an answer that nobody may store.
    reply.writeHead(rendered.status, headers);
    reply.end(text);
  }
}
