import type { PolicyDefaults } from './policy.js';
import type { RequestScope } from './request-scope.js';
import { proceed, refuse, type Step } from './step.js';

/** Who acts; nobody found is 401, never "allow". */
export async function findSubject(
  scope: RequestScope,
  subject: PolicyDefaults['subject'],
): Promise<Step<string>> {
  const found = await scope.call('subject', () => subject?.(scope.request));
  if (!found.ok) {
    return found;
  }
  const id = identifier(found.value);
  return id === undefined ? unauthenticated(scope, 'subject') : proceed(id);
}

/** The login's own id, or `null` where the application gave no `session`. */
export async function findSession(scope: RequestScope): Promise<Step<string | null>> {
  const { session } = scope.options;
  if (session === undefined) {
    return proceed(null);
  }
  const found = await scope.call('session', () => session(scope.request));
  if (!found.ok) {
    return found;
  }
  const id = identifier(found.value);
  return id === undefined ? unauthenticated(scope, 'session') : proceed(id);
}

/** What becomes of a missing id when code turns it into text: nobody, yet the same for everyone. */
const NOBODY: ReadonlySet<string> = new Set([
  '',
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  '[object Promise]',
]);

/** An id as text; nobody's where there is none. */
export function identifier(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? String(value) : undefined;
  }
  return typeof value === 'string' && !NOBODY.has(value.trim()) ? value : undefined;
}

function unauthenticated(scope: RequestScope, option: 'subject' | 'session'): Step<never> {
  scope.report({ type: 'subject_missing' });
  scope.warn(
    `\`${option}\` found nobody, so the request was answered 401. ` +
      `Run authentication before the gate, and let \`${option}: ({ raw }) => ...\` return its id.`,
  );
  return refuse({ kind: 'unauthenticated' });
}
