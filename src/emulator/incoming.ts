import type { IncomingMessage } from 'node:http';

/** The largest body that is read. */
export const BODY_LIMIT = 1024 * 1024;

export type IncomingBody =
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'not-json'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'too-large' };

/** Reads the whole body; an empty one is fine, whatever its content type says. */
export async function readBody(request: IncomingMessage): Promise<IncomingBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Read on and throw away: to stop here would cut the connection before the answer.
    if (size <= BODY_LIMIT) chunks.push(bytes);
  }
  if (size > BODY_LIMIT) return { kind: 'too-large' };
  if (size === 0) return { kind: 'none' };
  return parseBody(Buffer.concat(chunks).toString('utf8'));
}

function parseBody(text: string): IncomingBody {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject
      ? { kind: 'json', value: value as Record<string, unknown> }
      : { kind: 'not-json', text };
  } catch {
    return { kind: 'not-json', text };
  }
}

/** Path and query, apart, and neither decoded nor normalised. */
export function addressOf(request: IncomingMessage): {
  readonly path: string;
  readonly query: URLSearchParams;
} {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

export function loggedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = [value].flat().join(', ');
  }
  const { authorization } = headers;
  if (authorization !== undefined) headers.authorization = authorization.split(' ')[0] ?? '';
  return headers;
}
