import { randomUUID } from 'node:crypto';
import type { Tenant } from '../tenant.js';

/** The key that was given, a new one if none was, or undefined if it is not acceptable. */
export function idempotencyKeyOf(tenant: Tenant, given: string | undefined): string | undefined {
  if (given === undefined) return randomUUID();
  const { idempotencyKeyMaxLength, idempotencyKeyCharacters } = tenant.switches;
  if (given === '' || given.length > idempotencyKeyMaxLength) return undefined;
  const isUrlSafe = /^[A-Za-z0-9._~-]+$/.test(given);
  return isUrlSafe || idempotencyKeyCharacters === 'any' ? given : undefined;
}
