const LONGEST_MS = 24 * 60 * 60 * 1000;
const SECONDS = /^\d{1,12}$/;
/** `Date.parse` alone would take almost any text that ends in a number for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * `Retry-After` (RFC 9110 §10.2.3), in seconds or as a date, as milliseconds from `nowMs`: from 0 to
 * one day. `undefined` for anything else.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (SECONDS.test(value)) {
    return bounded(Number(value) * 1000);
  }
  if (!HTTP_DATE.test(value)) {
    return undefined;
  }
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : bounded(at - nowMs);
}

function bounded(ms: number): number {
  return Math.min(Math.max(ms, 0), LONGEST_MS);
}
