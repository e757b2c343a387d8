import type { LoggedRequest } from '../request-log.js';

/** Longer bodies are cut: a window that is open must not carry megabytes with each change. */
const BODY_SHOWN = 4_000;

export interface RequestView {
  readonly at: string;
  readonly call: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  /** What was sent, as text; empty if there was nothing. */
  readonly body: string;
  /** How many characters of it are not in `body`. */
  readonly bodyCut: number;
}

export function requestView(request: LoggedRequest): RequestView {
  const { at, call, method, path, status } = request;
  const body = textOf(request.body);
  return {
    at,
    call,
    method,
    path: path.length > 500 ? `${path.slice(0, 500)}…` : path,
    ...(status === undefined ? {} : { status }),
    body: body.slice(0, BODY_SHOWN),
    bodyCut: Math.max(0, body.length - BODY_SHOWN),
  };
}

function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body, undefined, 2);
}
