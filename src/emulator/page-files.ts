import { extname } from 'node:path';
import type { Answer } from './answer.js';
import { notFound } from './refusals.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Which other pages may show a page in a frame. */
export type Framing = 'by-anyone' | 'by-nobody';

/** A file of a page that came with the package. It loads nothing and asks nobody but the emulator. */
export function pageFile(
  files: ReadonlyMap<string, string>,
  name: string,
  framing: Framing,
): Answer {
  const text = files.get(name);
  if (text === undefined) return notFound('There is no such file.');
  return {
    status: 200,
    headers: {
      'content-type': TYPES[extname(name)] ?? 'text/plain; charset=utf-8',
      'content-security-policy': policyOf(framing),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body: { kind: 'text', text },
  };
}

function policyOf(framing: Framing): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framing === 'by-anyone' ? '*' : "'none'"}`,
  ].join('; ');
}
