import type { DiscoveryService } from '@nestjs/core';
import type { ListedAction } from '../../inventory/listed-action.js';
import { PATTERNS, RESOLVER_NAME, RESOLVER_TYPE, SOCKET_EVENT } from '../foreign-metadata.js';
import { type Controller, type FoundHandler, handlersOf } from '../handlers.js';
import { patternText } from '../pattern-text.js';
import { type HandlerKind, handlerKinds } from '../transports/handler-kinds.js';

export type MessageAddress = Pick<ListedAction, 'transport' | 'method' | 'path'>;

/** The decorated methods of everything that Nest has made, each class once. */
export function messageHandlers(
  discovery: DiscoveryService,
): readonly { readonly controller: Controller; readonly found: FoundHandler }[] {
  const wrappers = [...discovery.getControllers(), ...discovery.getProviders()];
  const classes = new Set(
    wrappers.flatMap(({ metatype }) =>
      typeof metatype === 'function' && metatype.prototype !== undefined
        ? (metatype as Controller)
        : [],
    ),
  );
  return [...classes].flatMap((controller) =>
    handlersOf(controller).map((found) => ({ controller, found })),
  );
}

/** Where a handler that is no route is reached: of GraphQL, of a gateway, of a microservice. It may be several. */
export function messageAddresses(
  controller: Controller,
  found: FoundHandler,
): readonly MessageAddress[] {
  const kinds = handlerKinds(found.handler);
  return READERS.flatMap(([kind, read]) => (kinds.has(kind) ? [read(controller, found)] : []));
}

type Reader = (controller: Controller, found: FoundHandler) => MessageAddress;

const READERS: readonly (readonly [HandlerKind, Reader])[] = [
  ['field', (controller, found) => field(found, 'FIELD', textOf(RESOLVER_NAME, controller) ?? '…')],
  [
    'resolver',
    (_controller, found) => {
      const type = textOf(RESOLVER_TYPE, found.handler) ?? '…';
      return field(found, type.toUpperCase(), type);
    },
  ],
  [
    'socket-message',
    (_controller, { handler }) => ({
      transport: 'ws',
      method: 'MESSAGE',
      path: String(Reflect.getMetadata(SOCKET_EVENT, handler)),
    }),
  ],
  [
    'message',
    (_controller, { handler }) => ({
      transport: 'rpc',
      method: handlerKinds(handler).has('event') ? 'EVENT' : 'MESSAGE',
      path: [Reflect.getMetadata(PATTERNS, handler)].flat().map(patternText).join(' '),
    }),
  ],
];

function field({ name, handler }: FoundHandler, method: string, type: string): MessageAddress {
  return {
    transport: 'graphql',
    method,
    path: `${type}.${textOf(RESOLVER_NAME, handler) ?? name}`,
  };
}

function textOf(key: string, target: object): string | undefined {
  const value: unknown = Reflect.getMetadata(key, target);
  return typeof value === 'string' ? value : undefined;
}
