import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { PATTERNS } from '../foreign-metadata.js';
import { patternText } from '../pattern-text.js';
import { handlerKinds } from './handler-kinds.js';
import { messageParts } from './message-data.js';
import { metadataHeaders } from './message-metadata.js';
import { answerOf } from './property.js';
import { rememberEvent } from './unanswered.js';

/** How the transports' contexts call what a message was sent to. */
const ADDRESSES = ['getPattern', 'getSubject', 'getTopic', 'getChannel'] as const;

/** A message or an event to a microservice in the gate's own shape. */
export function rpcActionRequest<Raw>(context: ExecutionContext): ActionRequest<unknown, Raw> {
  const rpc = context.switchToRpc();
  const raw = rpc.getContext<Raw>();
  const patterns: unknown = Reflect.getMetadata(PATTERNS, context.getHandler());
  const route = (Array.isArray(patterns) ? patterns : []).map(patternText).join(' ');
  const isEvent = handlerKinds(context.getHandler()).has('event');
  if (isEvent) {
    rememberEvent(raw);
  }
  return {
    transport: 'rpc',
    method: isEvent ? 'EVENT' : 'MESSAGE',
    path: addressOf(raw) ?? route,
    route,
    params: {},
    query: {},
    headers: metadataHeaders(raw),
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
