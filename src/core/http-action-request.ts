import type { ActionRequest } from './action-request.js';
import { isPlainObject } from './bound-values.js';

/** What an HTTP framework knows of a request, under names of its own. */
export interface HttpFacts<Raw> {
  readonly method: string;
  /** What was routed, with the query. */
  readonly url: string;
  /** The pattern of the route as it was declared, where there is a route; nothing that a client has written. */
  readonly pattern: unknown;
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: ActionRequest['headers'];
  readonly body: unknown;
  readonly ip: string | undefined;
  /** Node's own request, of which a parser has read or has not. */
  readonly message: object;
  readonly raw: Raw;
}

/** The same for Express and Fastify, so that both bind the same things. */
export function httpActionRequest<Raw>(facts: HttpFacts<Raw>): ActionRequest<unknown, Raw> {
  const { url, pattern, headers, ip, raw } = facts;
  const state = bodyState(facts);
  const method = facts.method.toUpperCase();
  const path = url.split('?', 1)[0] ?? url;
  return {
    transport: 'http',
    method: method === 'HEAD' ? 'GET' : method,
    path,
    route: typeof pattern === 'string' ? pattern : '',
    params: fields(facts.params),
    query: fields(facts.query),
    headers,
    // Express 4 has `{}` for a request without a body; the others have nothing.
    body: state === 'absent' && isEmptyObject(facts.body) ? undefined : facts.body,
    bodyState: state,
    ip,
    raw,
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isEmptyObject(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).length === 0;
}

function bodyState({ headers, body, message }: HttpFacts<unknown>): ActionRequest['bodyState'] {
  if (!declaresBody(headers, message)) {
    return 'absent';
  }
  // Express 4 leaves `{}` in `req.body` where its parsers took no notice of the content type, and
  // somebody else may have read the body to another place.
  const untouched = Reflect.get(message, 'readableDidRead') === false && !wasEmpty(message);
  const elsewhere = isEmptyObject(body) && !PARSED.test(String(headers['content-type']));
  return body === undefined || untouched || elsewhere ? 'unread' : 'read';
}

/** Announced and then empty: a parser has waited for its end, and there was nothing to read. */
function wasEmpty(message: object): boolean {
  return Reflect.get(message, 'readableEnded') === true;
}

/** Content types of which an empty object is what a parser may well have found. */
const PARSED = /json|urlencoded|multipart/i;

function declaresBody(headers: ActionRequest['headers'], message: object): boolean {
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    return true;
  }
  // HTTP/2 needs neither header: there the stream says whether more than headers came.
  const stream: unknown = Reflect.get(message, 'stream');
  return (
    typeof stream === 'object' &&
    stream !== null &&
    Reflect.get(stream, 'endAfterHeaders') === false
  );
}
