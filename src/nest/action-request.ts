import type { ActionRequest } from '../core/action-request.js';
import { httpActionRequest } from '../core/http-action-request.js';
import type { SignedInRequest } from '../core/options.js';

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

/**
 * The platform's request (`@Req()`), of Express or Fastify, in the gate's own shape, for
 * `gate.require(actionRequestOf(req), policy)`.
 */
export function actionRequestOf<Raw = SignedInRequest>(
  request: ExpressRequest | FastifyRequest,
): ActionRequest<unknown, Raw> {
  const { method, params, query, headers, body, ip, hosts } = request;
  return httpActionRequest({
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

function patternOf(request: ExpressRequest | FastifyRequest): string | undefined {
  if (isFastify(request)) {
    return request.routeOptions?.url;
  }
  const path = request.route?.path;
  return typeof path === 'string' ? `${request.baseUrl ?? ''}${path}` : undefined;
}

function isFastify(request: ExpressRequest | FastifyRequest): request is FastifyRequest {
  return 'raw' in request && 'routeOptions' in request;
}
