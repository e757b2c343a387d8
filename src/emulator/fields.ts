import type { Answer } from './answer.js';
import type { CustomData } from './custom-data.js';
import { invalidRequest } from './refusals.js';

interface Kinds {
  string: string;
  boolean: boolean;
  custom: CustomData;
}
type Shape = Readonly<Record<string, keyof Kinds>>;
export type Fields<S extends Shape> = { readonly [Name in keyof S]?: Kinds[S[Name]] };

/** The fields of `shape` that the body has; one of another type is a refusal, others are ignored. */
export function readFields<S extends Shape>(
  body: Readonly<Record<string, unknown>>,
  shape: S,
): { readonly fields: Fields<S> } | { readonly refusal: Answer } {
  const fields: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(shape)) {
    const value = body[name];
    if (value === undefined) continue;
    const isRight = kind === 'custom' ? isCustomData(value) : typeof value === kind;
    if (!isRight) return { refusal: invalidRequest(`${name} is invalid.`) };
    fields[name] = value;
  }
  return { fields: fields as Fields<S> };
}

function isCustomData(value: unknown): value is CustomData {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((point) =>
    ['string', 'number', 'boolean'].includes(typeof point),
  );
}

/** Without the fields that are undefined: Authsignal leaves out what is not set. */
export function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Present<T>;
}

type Present<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };
