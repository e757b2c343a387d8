import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../core/action-request.js';
import { StepUpError } from '../core/errors.js';
import type { SignedInRequest } from '../core/options.js';
import { graphqlActionRequest } from './transports/graphql-action-request.js';
import { httpActionRequest, type PlatformRequest } from './transports/http-action-request.js';
import { rpcActionRequest } from './transports/rpc-action-request.js';
import { wsActionRequest } from './transports/ws-action-request.js';

/**
 * What a handler was asked for, over HTTP, GraphQL, a socket or a microservice's transport, in the
 * gate's own shape, as `@RequireAction` sees it.
 *
 * @throws StepUpError `ERR_STEP_UP_POLICY` for a transport that the gate does not know.
 */
export function actionRequestOf<Raw = SignedInRequest>(
  context: ExecutionContext,
): ActionRequest<unknown, Raw>;

/**
 * The platform's request (`@Req()`), of Express or Fastify, in the gate's own shape, for
 * `gate.require(actionRequestOf(req), policy)`.
 */
export function actionRequestOf<Raw = SignedInRequest>(
  request: PlatformRequest,
): ActionRequest<unknown, Raw>;

export function actionRequestOf<Raw>(
  asked: ExecutionContext | PlatformRequest,
): ActionRequest<unknown, Raw> {
  if (!isContext(asked)) {
    return httpActionRequest(asked);
  }
  // Which handler runs may depend on more than method and path: on a version in a header, say.
  return { ...ofTransport<Raw>(asked), handler: placeOf(asked) };
}

/** Class and method. */
export function placeOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}

function ofTransport<Raw>(context: ExecutionContext): ActionRequest<unknown, Raw> {
  const transport = context.getType<string>();
  switch (transport) {
    case 'http':
      return httpActionRequest(context.switchToHttp().getRequest());
    case 'graphql':
      return graphqlActionRequest(context);
    case 'ws':
      return wsActionRequest(context);
    case 'rpc':
      return rpcActionRequest(context);
    default:
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `@RequireAction on ${placeOf(context)}: handlers of "${transport}" cannot be guarded.`,
      );
  }
}

function isContext(asked: ExecutionContext | PlatformRequest): asked is ExecutionContext {
  return 'getHandler' in asked && 'switchToHttp' in asked;
}
