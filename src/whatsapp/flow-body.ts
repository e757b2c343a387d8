import { proceed, refuse, type Step } from '../core/step.js';
import type { InvalidField } from '../core/wire.js';
import type { FlowScope } from './flow-scope.js';

/** The rule of a field, and how it is told; Nest's DTOs say it with the same. */
export const FLOW_FIELDS = {
  phoneNumber: { pattern: /^[\s\S]{1,64}$/, detail: 'must be a text of 1 to 64 characters' },
  handle: { pattern: /^[A-Za-z0-9_.-]{1,4096}$/, detail: 'must be a handle' },
  code: { pattern: /^[ -]*(?:\d[ -]*){2,10}$/, detail: 'must be a code of 2 to 10 digits' },
} as const;

export type FlowField = keyof typeof FLOW_FIELDS;

/** Reads one field of the body; one that is not there is told like one that is wrong. */
export function readField(scope: FlowScope, name: FlowField): Step<string> {
  const fields = readFields(scope, [name]);
  return fields.ok ? proceed(fields.value[0] ?? '') : fields;
}

/** Reads fields of the body in the order of their names; all faults are told at once. */
export function readFields(scope: FlowScope, names: readonly FlowField[]): Step<readonly string[]> {
  const foreign = foreignBody(scope);
  if (foreign !== undefined) {
    return foreign;
  }
  const values: string[] = [];
  const errors: InvalidField[] = [];
  for (const name of names) {
    const { pattern, detail } = FLOW_FIELDS[name];
    const value = fieldOf(scope.request.body, name);
    if (typeof value === 'string' && pattern.test(value)) {
      values.push(value);
    } else {
      errors.push({ pointer: `#/${name}`, detail });
    }
  }
  return errors.length === 0 ? proceed(values) : refuse({ kind: 'invalid', errors });
}

export function hasField(scope: FlowScope, name: FlowField): boolean {
  return fieldOf(scope.request.body, name) !== undefined;
}

/**
 * Refuses a body that is not JSON: a form is what a page of another site can make a browser send,
 * and so sign its user in as somebody else.
 */
export function foreignBody(scope: FlowScope): Step<never> | undefined {
  const type = scope.request.headers['content-type'];
  return type === undefined || /^application\/(?:[\w.+-]+\+)?json\b/i.test(String(type))
    ? undefined
    : NO_JSON;
}

/** Refuses a body that no parser took for JSON; a flow that needs fields tells that they are missing. */
export function unreadBody(scope: FlowScope): Step<never> | undefined {
  return scope.request.bodyState === 'unread' ? NO_JSON : undefined;
}

const NO_JSON = refuse({
  kind: 'invalid',
  errors: [{ pointer: '#', detail: 'must be application/json' }],
});

/** Codes are pasted in groups. */
export function digitsOf(code: string): string {
  return code.replace(/[ -]/g, '');
}

function fieldOf(body: unknown, name: FlowField): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? Reflect.get(body, name)
    : undefined;
}
