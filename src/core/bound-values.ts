/** What a challenge can be bound to. */
export type BoundValue =
  | string
  | boolean
  | null
  | number
  | readonly BoundValue[]
  | { readonly [key: string]: BoundValue };

/** Why a value cannot be bound. */
export interface UnboundValue {
  /** A JSON Pointer into the value as a URI fragment (RFC 6901 §6). */
  readonly pointer: string;
  /** `client`: a request can cause it. `code`: only the application's own code can. */
  readonly fault: 'client' | 'code';
  readonly detail: string;
}

const MAX_DEPTH = 64;

type Numbers = 'safe-integers' | 'finite';

/**
 * Looks for the first thing in `value` that is not plain JSON data, and so could be bound as less
 * than it is: a class instance, for one, may serialise to `{}` (private fields, a Map, a Set).
 *
 * @param numbers `finite` for a parsed body, where the handler gets the very same double;
 *   `safe-integers` for values that code has picked, where a fraction may hide a rounded amount.
 */
export function findUnbound(value: unknown, numbers: Numbers): UnboundValue | undefined {
  return search(value, numbers, '#', 0);
}

function search(
  value: unknown,
  numbers: Numbers,
  pointer: string,
  depth: number,
): UnboundValue | undefined {
  if (depth > MAX_DEPTH) {
    return { pointer, fault: 'client', detail: `is nested deeper than ${MAX_DEPTH} levels` };
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return numberFault(value, numbers, pointer);
    case 'undefined':
      return { pointer, fault: 'client', detail: 'is missing' };
    case 'object':
      return value === null ? undefined : searchObject(value, numbers, pointer, depth);
    default:
      return { pointer, fault: 'code', detail: `is a ${typeof value}, which cannot be bound` };
  }
}

function numberFault(value: number, numbers: Numbers, pointer: string): UnboundValue | undefined {
  const bindable = numbers === 'finite' ? Number.isFinite(value) : Number.isSafeInteger(value);
  return bindable
    ? undefined
    : {
        pointer,
        fault: 'client',
        detail: 'must be a whole number within 2^53 - 1, or a string',
      };
}

function searchObject(
  value: object,
  numbers: Numbers,
  pointer: string,
  depth: number,
): UnboundValue | undefined {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = search(value[index], numbers, `${pointer}/${index}`, depth + 1);
      if (found !== undefined) {
        return found;
      }
    }
    // Beside its items a list has only its length.
    return Reflect.ownKeys(value).length === value.length + 1
      ? undefined
      : { pointer, fault: 'code', detail: 'is a list with further fields; bind its items alone' };
  }
  if (!isPlainObject(value)) {
    return { pointer, fault: 'code', detail: `is a ${className(value)}; bind plain values of it` };
  }
  const fields = Object.entries(value);
  if (Reflect.ownKeys(value).length !== fields.length) {
    return { pointer, fault: 'code', detail: 'has a field that is hidden or named by a symbol' };
  }
  for (const [key, field] of fields) {
    const found = search(field, numbers, `${pointer}/${pointerToken(key)}`, depth + 1);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** By the shape of the prototype chain, so that an object of another realm counts too. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function className(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}

/** RFC 6901 escapes, then those of a URI fragment. */
export function pointerToken(key: string): string {
  const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
  return encodeURIComponent(escaped.toWellFormed());
}
