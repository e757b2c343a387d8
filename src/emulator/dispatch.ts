import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, refuse } from './answer.js';
import { bearerOf, isServerCaller } from './authorization.js';
import type { CallName } from './call-name.js';
import { isClientPath, preflight } from './client-api/cors.js';
import { refuseToken } from './client-api/refused-token.js';
import type { IncomingBody } from './incoming.js';
import { invalidRequest, notFound, unauthorized } from './refusals.js';
import { findRoute, type RouteMatch } from './router.js';
import type { Tenant } from './tenant.js';
import type { ControlRoom } from './window/control-room.js';
import { refuseVisitor } from './window/visitor.js';

/** What a request is aimed at, before anybody asked whether it may. */
export interface Target {
  readonly call: CallName;
  readonly match: RouteMatch | 'preflight' | 'undecodable' | undefined;
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  readonly body: IncomingBody;
  /** Aborted when the caller has gone away. */
  readonly gone: AbortSignal;
}

export function targetOf(method: string, path: string): Target {
  if (method === 'OPTIONS' && isClientPath(path)) return { call: 'preflight', match: 'preflight' };
  const match = findRoute(method, path);
  const call = match === undefined || match === 'undecodable' ? 'unknown' : match.route.call;
  return { call, match };
}

/** Finds who calls, reads the body, and lets the route answer. */
export async function dispatch(
  tenant: Tenant,
  target: Target,
  received: Received,
  room: ControlRoom,
): Promise<Answer> {
  const { match } = target;
  if (match === undefined) return notFound('There is no such endpoint.');
  if (match === 'undecodable') return invalidRequest('The path is not percent-encoded properly.');
  if (match === 'preflight') return preflight(received.headers);
  const { route, params } = match;
  const { body, query, headers } = received;
  const stranger = route.api === 'window' ? refuseVisitor(room, route.visit, headers) : undefined;
  if (stranger !== undefined) return stranger;
  if (route.api === 'server' && !isServerCaller(headers, tenant.secret)) return unauthorized();
  if (body.kind === 'too-large') {
    return refuse(413, 'invalid_request', 'The body is larger than 1 MB.');
  }
  if (body.kind === 'not-json') return invalidRequest('The body is not a JSON object.');
  const call = { params, query, body: body.kind === 'json' ? body.value : {} };
  if (route.api === 'window') return route.handle(room, { ...call, gone: received.gone });
  if (route.api !== 'client') return route.handle(tenant, call);
  const reading = await tenant.tokens.read(bearerOf(headers) ?? '');
  if (reading.kind !== 'valid') return refuseToken(tenant, reading.kind);
  return route.handle(tenant, { ...call, token: reading.token });
}
