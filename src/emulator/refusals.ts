import { type Answer, refuse, withHeaders } from './answer.js';
import type { EmulatorSwitches } from './switches.js';

export const invalidRequest = (description: string): Answer =>
  refuse(400, 'invalid_request', description);

export const unauthorized = (): Answer =>
  refuse(
    401,
    'unauthorized',
    'The request is unauthorized. Check that your API key and region base URL are correctly configured.',
  );

export const notFound = (description: string): Answer => refuse(404, 'not_found', description);

export const notEmulated = (what: string): Answer =>
  refuse(501, 'not_implemented', `The emulator does not answer ${what}.`);

export const methodNotEnabled = (method: string): Answer =>
  invalidRequest(`${method} is not an enabled verification method`);

/** `waitMs` is how long until the next call would be let through. */
export function tooManyRequests(switches: EmulatorSwitches, waitMs: number): Answer {
  const answer = refuse(
    switches.rateLimitStatus,
    'too_many_requests',
    'Too many requests. Wait before trying again.',
  );
  if (!switches.retryAfter) return answer;
  return withHeaders(answer, { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) });
}
