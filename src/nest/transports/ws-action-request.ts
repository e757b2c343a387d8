import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { SOCKET_EVENT } from '../foreign-metadata.js';
import { handshakeOf } from './handshake.js';
import { messageParts } from './message-data.js';

/** A message to a gateway, of `ws` or socket.io, in the gate's own shape. */
export function wsActionRequest<Raw>(context: ExecutionContext): ActionRequest<unknown, Raw> {
  const ws = context.switchToWs();
  const client = ws.getClient<Raw>();
  const { headers, ip, path } = handshakeOf(client);
  const event = String(Reflect.getMetadata(SOCKET_EVENT, context.getHandler()));
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
