import { proceed, refuse, type Step } from '../core/step.js';
import type { FlowScope } from './flow-scope.js';
import { parsePhone } from './phone-number.js';

/** The number in E.164, if it may get a message. */
export function readPhone(scope: FlowScope, text: string): Step<string> {
  const parsed = parsePhone(text, scope.parts.phones);
  if (parsed.ok) {
    return proceed(parsed.e164);
  }
  scope.report({ type: 'phone_refused', why: parsed.why });
  return refuse({ kind: parsed.why === 'invalid' ? 'phone_invalid' : 'phone_not_allowed' });
}
