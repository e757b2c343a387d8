import { HttpException } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { StepUpError } from '../../core/errors.js';
import { property } from './property.js';

/** The codes of GraphQL errors, of Apollo's and Nest's, that say the client is at fault. */
const CLIENT_FAULTS: readonly unknown[] = [
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'UNAUTHENTICATED',
];

/**
 * Whether a handler that threw this has failed. What tells the client of a fault of its own is an
 * answer: an exception that states a status below 500, and those that Nest has for answering
 * messages, unless they state another. What nobody has foreseen is a failure, over every transport.
 */
export function isFailure(error: unknown, transport: ActionRequest['transport']): boolean {
  if (error instanceof HttpException) {
    return error.getStatus() >= 500;
  }
  if (error instanceof StepUpError || isHttpError(error)) {
    return error.status >= 500;
  }
  switch (transport) {
    case 'ws':
    case 'rpc':
      return !isAnswer(error);
    case 'graphql':
      return !isClientFault(property(error, 'extensions'));
    default:
      return true;
  }
}

/** One of the package `http-errors`, whose status Nest answers over HTTP. */
function isHttpError(error: unknown): error is { readonly status: number } {
  const status = property(error, 'status');
  return (
    typeof property(error, 'expose') === 'boolean' &&
    typeof status === 'number' &&
    status === property(error, 'statusCode')
  );
}

/**
 * `WsException` or `RpcException`, by what they have: their packages may not be installed. One that
 * asks Kafka for another try tells nothing but itself.
 */
function isAnswer(error: unknown): boolean {
  const getError = property(error, 'getError');
  if (!(error instanceof Error) || typeof getError !== 'function') {
    return false;
  }
  const told: unknown = Reflect.apply(getError, error, []);
  const status = property(told, 'status') ?? property(told, 'statusCode');
  return told !== error && !(typeof status === 'number' && status >= 500);
}

function isClientFault(extensions: unknown): boolean {
  const status = property(property(extensions, 'http'), 'status') ?? property(extensions, 'status');
  return typeof status === 'number'
    ? status < 500
    : CLIENT_FAULTS.includes(property(extensions, 'code'));
}
