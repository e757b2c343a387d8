import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { SignatureHeader } from './signature-header.js';

/** An API secret that `console.log` does not show. */
export function signingKey(apiSecretKey: string): KeyObject {
  return createSecretKey(Buffer.from(apiSecretKey, 'utf8'));
}

/** HMAC-SHA-256 over `<timestamp>.<body>`. */
export function signatureOf(key: KeyObject, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${timestamp}.`).update(body).digest();
}

/** How Authsignal writes a signature: base64 without the `=`. */
export function signatureText(signature: Buffer): string {
  return signature.toString('base64').replace('=', '');
}

/** Compares every key with every signature, in the same time whichever holds. */
export function isSignedBy(
  keys: readonly KeyObject[],
  { timestamp, signatures }: SignatureHeader,
  body: Uint8Array,
): boolean {
  let matches = 0;
  for (const key of keys) {
    const expected = signatureOf(key, timestamp, body);
    for (const signature of signatures) {
      matches += Number(timingSafeEqual(expected, signature));
    }
  }
  return matches > 0;
}

/** A delivery from the future would outlive the memory of it, so the bound holds in both directions. */
export function timeFault(
  timestamp: string,
  now: number,
  toleranceMs: number,
): 'too_old' | 'too_new' | undefined {
  const age = now - Number(timestamp) * 1_000;
  if (age > toleranceMs) {
    return 'too_old';
  }
  return age < -toleranceMs ? 'too_new' : undefined;
}
