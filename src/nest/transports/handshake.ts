import type { ActionRequest } from '../../core/action-request.js';
import type { Controller, Handler } from '../handlers.js';
import { property } from './property.js';

/** What is known of the request that opened a connection. */
export interface Handshake {
  readonly headers: ActionRequest['headers'];
  readonly ip: string | undefined;
  /** The namespace of socket.io, or the path that was asked for; empty where neither is known. */
  readonly path: string;
}

// `ws` hands the request to whoever is there when the connection opens, and keeps it nowhere.
const requests = new WeakMap<object, object>();
const remembering = new WeakSet<object>();

/** Lets a gateway remember the request of each connection, before its own `handleConnection`. */
export function rememberHandshakes(gateway: Controller): void {
  const { prototype } = gateway;
  const own: unknown = Reflect.get(prototype, 'handleConnection');
  const next = typeof own === 'function' ? (own as Handler) : () => undefined;
  if (remembering.has(next)) {
    return;
  }
  const handleConnection: Handler = function (this: unknown, ...args) {
    const [client, request] = args;
    if (isObject(client) && isObject(request)) {
      requests.set(client, request);
    }
    return next.apply(this, args);
  };
  remembering.add(handleConnection);
  Object.defineProperty(prototype, 'handleConnection', {
    value: handleConnection,
    writable: true,
    configurable: true,
  });
}

export function handshakeOf(client: unknown): Handshake {
  const ofSocketIo = property(client, 'handshake');
  const request = isObject(client) ? requests.get(client) : undefined;
  const ip =
    property(ofSocketIo, 'address') ?? property(property(request, 'socket'), 'remoteAddress');
  const path = property(property(client, 'nsp'), 'name') ?? property(request, 'url');
  return {
    headers: headersOf(ofSocketIo ?? request),
    ip: typeof ip === 'string' ? ip : undefined,
    path: typeof path === 'string' ? path.replace(/\?.*$/s, '') : '',
  };
}

/** Node's headers, with their names in lower case. */
export function headersOf(request: unknown): ActionRequest['headers'] {
  const headers = property(request, 'headers');
  return isObject(headers) ? (headers as ActionRequest['headers']) : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
