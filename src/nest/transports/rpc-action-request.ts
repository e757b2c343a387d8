import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { PATTERNS, patternText } from '../foreign-metadata.js';
import { handlerKinds } from './handler-kinds.js';
import { messageParts } from './message-data.js';
import { property } from './property.js';

/** How the transports' contexts call what a message was sent to. */
const ADDRESSES = ['getPattern', 'getSubject', 'getTopic', 'getChannel'] as const;

/** A message or an event to a microservice in the gate's own shape. */
export function rpcActionRequest<Raw>(context: ExecutionContext): ActionRequest<unknown, Raw> {
  const rpc = context.switchToRpc();
  const raw = rpc.getContext<Raw>();
  const patterns: unknown = Reflect.getMetadata(PATTERNS, context.getHandler());
  const route = (Array.isArray(patterns) ? patterns : []).map(patternText).join(' ');
  const isEvent = handlerKinds(context.getHandler()).has('event');
  return {
    transport: 'rpc',
    method: isEvent ? 'EVENT' : 'MESSAGE',
    path: addressOf(raw) ?? route,
    route,
    params: {},
    query: {},
    headers: headersIn(answerOf(raw, 'getMetadata')),
    ...messageParts(rpc.getData<unknown>()),
    ip: undefined,
    raw,
  };
}

function addressOf(raw: unknown): string | undefined {
  const address = ADDRESSES.map((name) => answerOf(raw, name)).find(
    (given) => typeof given === 'string',
  );
  return typeof address === 'string' ? patternText(parsed(address)) : undefined;
}

/** A pattern that is an object comes as JSON. */
function parsed(address: string): unknown {
  try {
    const value: unknown = JSON.parse(address);
    return typeof value === 'object' && value !== null ? value : address;
  } catch {
    return address;
  }
}

/** What a method of Nest's context answers, where the transport's context has it. */
function answerOf(raw: unknown, method: string): unknown {
  const get = property(raw, method);
  return typeof get === 'function' ? Reflect.apply(get, raw, []) : undefined;
}

function headersIn(metadata: unknown): ActionRequest['headers'] {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries<unknown>(Object(metadata))) {
    if (isHeader(value)) {
      headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}

function isHeader(value: unknown): value is string | readonly string[] {
  return (
    typeof value === 'string' ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}
