import type { ActionRequest } from '../../core/action-request.js';
import { httpActionRequest as fromFacts } from '../../core/http-action-request.js';

/** What both platforms' requests have under the same name. */
interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: ActionRequest['headers'];
  readonly body?: unknown;
  /** The parameters of Nest's host patterns. */
  readonly hosts?: unknown;
  readonly ip?: string | undefined;
}

interface ExpressRequest extends HttpRequest {
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

interface FastifyRequest extends HttpRequest {
  /** Node's own request. */
  readonly raw: object;
  readonly routeOptions?: { readonly url?: string };
}

export type PlatformRequest = ExpressRequest | FastifyRequest;

/** A request of Express or Fastify in the gate's own shape. */
export function httpActionRequest<Raw>(request: PlatformRequest): ActionRequest<unknown, Raw> {
  const { method, params, query, headers, body, ip, hosts } = request;
  return fromFacts({
    method,
    url: isFastify(request) ? request.url : (request.baseUrl ?? '') + request.url,
    pattern: patternOf(request),
    params: hosts === undefined ? params : { ...Object(params), '(hosts)': hosts },
    query,
    headers,
    body,
    ip,
    message: isFastify(request) ? request.raw : request,
    // The type that the application gave its gate for this very request.
    raw: request as Raw,
  });
}

/** Without the path that an application is mounted on, of which Express keeps only what the client has written. */
function patternOf(request: PlatformRequest): unknown {
  return isFastify(request) ? request.routeOptions?.url : request.route?.path;
}

function isFastify(request: PlatformRequest): request is FastifyRequest {
  return 'raw' in request && 'routeOptions' in request;
}
