import type { Answer } from './answer.js';
import type { CallName } from './call-name.js';
import type { Tenant } from './tenant.js';
import type { ReadToken } from './tokens.js';
import type { ControlRoom, WindowCall } from './window/control-room.js';
import type { Visit } from './window/visitor.js';

/** A request that was routed, authenticated and parsed. */
export interface Call {
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A call of the Client API: the token that it came with was read. */
export interface ClientCall extends Call {
  readonly token: ReadToken;
}

export type Handler<C extends Call = Call> = (tenant: Tenant, call: C) => Answer | Promise<Answer>;

interface RouteAddress {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `:name` for a segment that is a parameter, and a last `*` for any rest. */
  readonly path: string;
  readonly call: CallName;
}

/** What the emulator's own window asks for; who may is decided by the visit. */
export interface WindowRoute extends RouteAddress {
  readonly api: 'window';
  readonly visit: Visit;
  readonly handle: (room: ControlRoom, call: WindowCall) => Answer | Promise<Answer>;
}

/** One line of the route table; `api` says who may call and how they prove it. */
export type Route =
  | (RouteAddress & { readonly api: 'server' | 'page'; readonly handle: Handler })
  | WindowRoute
  | (RouteAddress & { readonly api: 'client'; readonly handle: Handler<ClientCall> });

/** The value of a parameter that the route's own path names. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`The route has no parameter "${name}".`);
  return value;
}
