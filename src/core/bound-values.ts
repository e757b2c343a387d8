import { isProxy } from 'node:util/types';

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
  const found = search(value, numbers, 0);
  return found && { ...found, pointer: `#${found.pointer}` };
}

function search(value: unknown, numbers: Numbers, depth: number): UnboundValue | undefined {
  if (depth > MAX_DEPTH) {
    return clientFault(`is nested deeper than ${MAX_DEPTH} levels`);
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return numberFault(value, numbers);
    case 'undefined':
      return clientFault('is missing');
    case 'object':
      return value === null ? undefined : searchObject(value, numbers, depth);
    default:
      return codeFault(`is a ${typeof value}, which cannot be bound`);
  }
}

function numberFault(value: number, numbers: Numbers): UnboundValue | undefined {
  const bindable = numbers === 'finite' ? Number.isFinite(value) : Number.isSafeInteger(value);
  return bindable ? undefined : clientFault('must be a whole number within 2^53 - 1, or a string');
}

function searchObject(value: object, numbers: Numbers, depth: number): UnboundValue | undefined {
  if (Array.isArray(value) && !isProxy(value)) {
    return searchList(value, numbers, depth);
  }
  if (isProxy(value) || !isPlainObject(value)) {
    return codeFault(`is a ${className(value)}; bind plain values of it`);
  }
  const fields = Object.entries(value);
  if (Reflect.ownKeys(value).length !== fields.length) {
    return codeFault('has a field that is hidden or named by a symbol');
  }
  for (const [key, field] of fields) {
    const found = search(field, numbers, depth + 1);
    if (found !== undefined) {
      return within(pointerToken(key), found);
    }
  }
  return undefined;
}

function searchList(
  list: readonly unknown[],
  numbers: Numbers,
  depth: number,
): UnboundValue | undefined {
  for (let index = 0; index < list.length; index += 1) {
    const found = search(list[index], numbers, depth + 1);
    if (found !== undefined) {
      return within(String(index), found);
    }
  }
  // Beside its items a list has only its length.
  return Reflect.ownKeys(list).length === list.length + 1
    ? undefined
    : codeFault('is a list with further fields; bind its items alone');
}

/** A copy of what {@link findUnbound} found nothing in, so that nobody can change it afterwards. */
export function copyOfBound(value: BoundValue): BoundValue {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (isList(value)) {
    return value.map(copyOfBound);
  }
  // Not by assignment: a field may be named `__proto__`.
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copyOfBound(field)]));
}

function isList(value: object): value is readonly BoundValue[] {
  return Array.isArray(value);
}

const clientFault = (detail: string): UnboundValue => ({ pointer: '', fault: 'client', detail });
const codeFault = (detail: string): UnboundValue => ({ pointer: '', fault: 'code', detail });

/** Pointers are put together on the way out, so that a value without fault costs none. */
function within(token: string, found: UnboundValue): UnboundValue {
  return { ...found, pointer: `/${token}${found.pointer}` };
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
  if (isProxy(value)) {
    return 'Proxy';
  }
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}

/** RFC 6901 escapes, then those of a URI fragment. */
export function pointerToken(key: string): string {
  const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
  return encodeURIComponent(escaped.toWellFormed());
}
