import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Whether the header is HTTP Basic with the secret as its user name. */
export function isServerCaller(headers: IncomingHttpHeaders, secret: string): boolean {
  const encoded = credentials(headers, 'basic');
  if (encoded === undefined) return false;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  // The password is empty: all before the last colon is the user name, colons of its own included.
  const username = decoded.endsWith(':') ? decoded.slice(0, -1) : decoded;
  return timingSafeEqual(digest(username), digest(secret));
}

export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  return credentials(headers, 'bearer');
}

function credentials(headers: IncomingHttpHeaders, scheme: string): string | undefined {
  const [given, value] = (headers.authorization ?? '').split(/ +/);
  return given?.toLowerCase() === scheme ? value : undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
