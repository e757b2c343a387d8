import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_092;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Random bytes of the operating system as url-safe text, four characters for each three bytes; at most 96 bytes at once.
 * They are fetched in bulk, since one call for each request costs more than everything else about them.
 */
export function randomText(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += bytes;
  return pool.toString('base64url', start, used);
}
