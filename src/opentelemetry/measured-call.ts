import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { CallBegun, CallEnded } from '../core/telemetry.js';
import * as names from './attributes.js';
import { HTTP_CALLS } from './http-calls.js';

/** Each call has a span of its own name, such as `authsignal.track`. */
export const CALL_SPAN_PREFIX = 'authsignal.';

export function callBeginning({ call, server }: CallBegun): Attributes {
  if (server === undefined) {
    return { [names.CALL]: call };
  }
  const { method, template } = HTTP_CALLS[call];
  return {
    [names.CALL]: call,
    [names.SERVER_ADDRESS]: server.address,
    [names.SERVER_PORT]: server.port,
    [names.HTTP_METHOD]: method,
    [names.URL_TEMPLATE]: server.basePath + template,
  };
}

export function callEnding({ status, failure }: CallEnded): Attributes {
  return {
    ...(status === undefined ? {} : { [names.HTTP_STATUS]: status }),
    ...(failure === undefined ? {} : { [names.ERROR_TYPE]: failure }),
  };
}

export function endCall(span: Span, ended: CallEnded): void {
  span.setAttributes(callEnding(ended));
  if (ended.failure !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}
