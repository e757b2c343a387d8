import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { handshakeOf } from './handshake.js';
import { messageParts } from './message-data.js';

/** The event's name, under the name that Nest's websockets package has for it. */
const EVENT = 'message';

/** A message to a gateway, of `ws` or socket.io, in the gate's own shape. */
export function wsActionRequest<Raw>(context: ExecutionContext): ActionRequest<unknown, Raw> {
  const ws = context.switchToWs();
  const client = ws.getClient<Raw>();
  const { headers, ip, path } = handshakeOf(client);
  const event = String(Reflect.getMetadata(EVENT, context.getHandler()));
  return {
    transport: 'ws',
    method: 'MESSAGE',
    path: `${path.replace(/\/+$/, '')}/${event}`,
    route: event,
    params: {},
    query: {},
    headers,
    ...messageParts(ws.getData<unknown>()),
    ip,
    raw: client,
  };
}
