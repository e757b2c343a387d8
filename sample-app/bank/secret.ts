import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a secret: who reads the database gets no cookie out of it. */
export function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
