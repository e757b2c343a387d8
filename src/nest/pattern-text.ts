import { canonicalJson } from '../core/canonical-json.js';

/** What a microservice's handler is for: one text for every order of its keys. */
export function patternText(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : canonicalJson(pattern);
}
