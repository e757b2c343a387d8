import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthsignalConnection } from './authsignal-connection.js';
import { pagePolicy } from './page-policy.js';
import { etagOf, readWebFiles } from './web-files.js';

/** A middleware as Express and Nest take it. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** Serves the page and what it loads; every other request goes on. */
export function webPage(authsignal: AuthsignalConnection): Middleware {
  const files = readWebFiles();
  const page = files.get('/');
  const html = page?.body.toString() ?? '';
  const policy = pagePolicy(html, authsignal);
  const pageEtag = etagOf(html, policy);
  return (req, res, next) => {
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'no-referrer');
    const file = files.get((req.url ?? '').replace(/\?.*/s, ''));
    if (file === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) {
      next();
      return;
    }
    const { type, body } = file;
    // With the policy: after a 304 a browser keeps the one that it has, and a restarted stand-in may have another port.
    const etag = file === page ? pageEtag : file.etag;
    res.setHeader('etag', etag);
    res.setHeader('cache-control', 'no-cache');
    if (req.headers['if-none-match'] === etag) {
      res.writeHead(304).end();
      return;
    }
    res.writeHead(200, {
      'content-type': type,
      'content-length': body.byteLength,
      'content-security-policy': policy,
    });
    res.end(req.method === 'HEAD' ? undefined : body);
  };
}
