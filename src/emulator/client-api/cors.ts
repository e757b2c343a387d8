import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../answer.js';

const CLIENT_PATH = /^\/v1\/client(\/|$)/;

export function isClientPath(path: string): boolean {
  return CLIENT_PATH.test(path);
}

/** Browsers from any origin may call the Client API: the exact origin, so that cookies may go too. */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  };
}

export function preflight(headers: IncomingHttpHeaders): Answer {
  const asked = headers['access-control-request-headers'];
  return {
    status: 204,
    headers: {
      ...corsHeaders(headers),
      'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
      'access-control-allow-headers': asked ?? 'authorization, content-type',
      'access-control-max-age': '600',
    },
    body: { kind: 'text', text: '' },
  };
}
