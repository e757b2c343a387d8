import { PATH_METADATA } from '@nestjs/common/constants.js';
import { StepUpError } from '../../core/errors.js';
import type { ResolvedPolicy } from '../../core/resolve-policy.js';
import {
  PATTERN_HANDLER,
  RESOLVER_NAME,
  RESOLVER_TYPE,
  RESOLVES_PROPERTY,
  RESOLVES_REFERENCE,
  RPC_TRANSPORT,
  SOCKET_MESSAGE,
} from '../foreign-metadata.js';

/** What Nest's decorators make of a method; it may be several. */
export type HandlerKind =
  | 'route'
  | 'resolver'
  | 'field'
  | 'reference'
  | 'subscription'
  | 'socket-message'
  | 'message'
  | 'event'
  | 'grpc';

const EVENT_HANDLER = 2;
const GRPC = 4;

export function handlerKinds(handler: object): ReadonlySet<HandlerKind> {
  const mark = (name: string): unknown => Reflect.getMetadata(name, handler);
  const marks: readonly (readonly [HandlerKind, boolean])[] = [
    ['route', mark(PATH_METADATA) !== undefined],
    ['field', mark(RESOLVES_PROPERTY) === true],
    ['reference', mark(RESOLVES_REFERENCE) === true],
    ['subscription', mark(RESOLVER_TYPE) === 'Subscription'],
    ['resolver', mark(RESOLVER_TYPE) !== undefined],
    ['socket-message', mark(SOCKET_MESSAGE) === true],
    ['grpc', mark(RPC_TRANSPORT) === GRPC],
    ['event', mark(PATTERN_HANDLER) === EVENT_HANDLER],
    ['message', mark(PATTERN_HANDLER) !== undefined],
  ];
  return new Set(marks.filter(([, isMarked]) => isMarked).map(([kind]) => kind));
}

/** Whether it handles messages, of a socket or to a microservice. */
export function isMessageHandler(kinds: ReadonlySet<HandlerKind>): boolean {
  return kinds.has('socket-message') || kinds.has('message');
}

/**
 * Refuses what no gate can stand before.
 *
 * @throws StepUpError `ERR_STEP_UP_POLICY`, at start.
 */
export function checkGuardable(place: string, handler: object): void {
  const kinds = handlerKinds(handler);
  const name = String(Reflect.getMetadata(RESOLVER_NAME, handler) ?? handlerName(handler));
  const found = OBSTACLES.find(([kind]) => kinds.has(kind));
  const obstacle = kinds.has('field') && name.startsWith('__') ? NO_GUARDS : found?.[1];
  if (obstacle !== undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      `${place} has a @RequireAction, perhaps its class's, but ${obstacle}`,
    );
  }
}

/**
 * Refuses what no event could ever pass: its challenge reaches nobody, so it never has a proof.
 *
 * @throws StepUpError `ERR_STEP_UP_POLICY`, at start.
 */
export function checkPassable(
  place: string,
  handler: object,
  { requireChallenge, mode, skip }: Pick<ResolvedPolicy, 'requireChallenge' | 'mode' | 'skip'>,
): void {
  const isHopeless = requireChallenge && mode === 'enforce' && skip === undefined;
  if (isHopeless && handlerKinds(handler).has('event')) {
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      `${place} handles an event under requireChallenge, but whoever sends an event waits for no answer, so ` +
        'its challenge reaches nobody. Use @MessagePattern, or rules that allow or block.',
    );
  }
}

const NO_GUARDS = 'GraphQL runs no guards before it. Put @RequireAction on other methods.';

const OBSTACLES: readonly (readonly [HandlerKind, string])[] = [
  [
    'subscription',
    'a subscription lasts: one approval would be for all that it ever sends. ' +
      'Guard a query or mutation that lets the user subscribe.',
  ],
  [
    'reference',
    'one request resolves many references, which cannot be told apart. Guard the queries and mutations.',
  ],
  ['grpc', 'an error of gRPC cannot carry the refusal. Guard a handler of another transport.'],
];

function handlerName(handler: object): unknown {
  return Reflect.get(handler, 'name');
}
