import type { Request } from 'express';
import type { ActionRequest } from '../core/action-request.js';
import { httpActionRequest } from '../core/http-action-request.js';

/** An Express request in the gate's own shape, for `gate.require(actionRequestOf(req), policy)`. */
export function actionRequestOf<Raw = Request>(req: Request): ActionRequest<unknown, Raw> {
  const pattern: unknown = req.route === undefined ? undefined : req.route.path;
  return httpActionRequest({
    method: req.method,
    // Not `originalUrl`, which stays behind where a request is rewritten or dispatched again.
    url: req.baseUrl + req.url,
    // Without the mount path, of which Express keeps only what the client has written. The path has it.
    pattern,
    params: req.params,
    query: req.query,
    headers: req.headers,
    body: req.body,
    ip: req.ip,
    message: req,
    // The type that the application gave its gate for this very request.
    raw: req as Raw,
  });
}
