import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { TRUST_MS } from '../bank/devices.js';
import { fingerprint, newSecret } from '../bank/secret.js';
import { SESSION_MS, type Sessions } from '../bank/sessions.js';

const SESSION = 'sid';
const DEVICE = 'device';

export function sessionCookie(req: Request): string | undefined {
  return readCookie(req, SESSION);
}

/** The value of a `Set-Cookie` header. */
export function sessionCookieHeader(req: Request, cookie: string): string {
  return cookieHeader(req, { name: SESSION, value: cookie, maxAgeMs: SESSION_MS });
}

export function giveSessionCookie(req: Request, res: Response, cookie: string): void {
  res.append('set-cookie', sessionCookieHeader(req, cookie));
}

/** A request without the cookie, as another site may send it, takes nobody's cookie away. */
export function endSession(req: Request, res: Response, sessions: Sessions): void {
  const cookie = sessionCookie(req);
  if (cookie !== undefined) {
    sessions.close(cookie);
    res.append('set-cookie', cookieHeader(req, { name: SESSION, value: '', maxAgeMs: 0 }));
  }
}

/** The id of this browser; one that has none yet is given one with the answer, whatever that is. */
export function deviceOf(req: Request, res: Response): string {
  const known = readCookie(req, DEVICE);
  const value = known ?? newSecret();
  if (known === undefined) {
    res.append('set-cookie', cookieHeader(req, { name: DEVICE, value, maxAgeMs: TRUST_MS }));
  }
  return fingerprint(value);
}

function readCookie(req: Request, name: string): string | undefined {
  return parseCookie(req.headers.cookie ?? '')[name] || undefined;
}

/** Scripts cannot read it, other sites cannot send it, and where there is TLS it needs TLS. */
function cookieHeader(
  req: Request,
  cookie: { readonly name: string; readonly value: string; readonly maxAgeMs: number },
): string {
  const { name, value, maxAgeMs } = cookie;
  return stringifySetCookie({
    name,
    value,
    maxAge: maxAgeMs / 1000,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: req.secure,
  });
}
