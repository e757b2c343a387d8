import { parse } from 'cookie';
import type { Request, Response } from 'express';
import { TRUST_MS } from '../bank/devices.js';
import { fingerprint, newSecret } from '../bank/secret.js';
import { SESSION_MS } from '../bank/sessions.js';

const SESSION = 'sid';
const DEVICE = 'device';

export function sessionCookie(req: Request): string | undefined {
  return readCookie(req, SESSION);
}

export function giveSessionCookie(req: Request, res: Response, cookie: string): void {
  giveCookie(req, res, { name: SESSION, value: cookie, maxAge: SESSION_MS });
}

/** The id of this browser; one that has none yet is given one with the answer, whatever that is. */
export function deviceOf(req: Request, res: Response): string {
  const known = readCookie(req, DEVICE);
  const value = known ?? newSecret();
  if (known === undefined) {
    giveCookie(req, res, { name: DEVICE, value, maxAge: TRUST_MS });
  }
  return fingerprint(value);
}

function readCookie(req: Request, name: string): string | undefined {
  return parse(req.headers.cookie ?? '')[name] || undefined;
}

/** Scripts cannot read it, other sites cannot send it, and where there is TLS it needs TLS. */
function giveCookie(
  req: Request,
  res: Response,
  cookie: { readonly name: string; readonly value: string; readonly maxAge: number },
): void {
  const { name, value, maxAge } = cookie;
  res.cookie(name, value, { httpOnly: true, sameSite: 'strict', secure: req.secure, maxAge });
}
