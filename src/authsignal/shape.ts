/** What a {@link Shape} made of a value: a fresh value of ours, or the field that does not fit. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly field: string };

/**
 * Reads a value out of parsed JSON. Never throws, and never hands on anything that it did not check.
 * A `field` of `''` means the value itself.
 */
export type Shape<T> = (value: unknown) => Parsed<T>;

type RequiredKey<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];
type RequiredShapes<T> = { readonly [K in RequiredKey<T>]: Shape<T[K]> };
type OptionalShapes<T> = {
  readonly [K in Exclude<keyof T, RequiredKey<T>>]-?: Shape<Exclude<T[K], undefined>>;
};

const UNFIT: Parsed<never> = Object.freeze({ ok: false, field: '' });

export const text: Shape<string> = (value) =>
  typeof value === 'string' ? { ok: true, value } : UNFIT;

export const flag: Shape<boolean> = (value) =>
  typeof value === 'boolean' ? { ok: true, value } : UNFIT;

export const amount: Shape<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? { ok: true, value } : UNFIT;

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) {
      return UNFIT;
    }
    const list: T[] = [];
    for (const element of value) {
      const parsed = item(element);
      if (!parsed.ok) {
        return { ok: false, field: joined('[]', parsed.field) };
      }
      list.push(parsed.value);
    }
    return { ok: true, value: list };
  };
}

/**
 * An object with the fields named, and no other: unknown ones are dropped. For an optional field
 * `null` counts as absent; any other value of the wrong type is refused as it is for a required one.
 */
export function objectOf<T extends object>(
  required: RequiredShapes<T>,
  optional: OptionalShapes<T>,
): Shape<T> {
  const fields = [...fieldsOf<T>(required, true), ...fieldsOf<T>(optional, false)];
  return (value) => {
    if (!isJsonObject(value)) {
      return UNFIT;
    }
    const answer: Partial<T> = {};
    for (const { key, shape, isRequired } of fields) {
      const given = ownField(value, key);
      if (!isRequired && (given === undefined || given === null)) {
        continue;
      }
      const parsed = shape(given);
      if (!parsed.ok) {
        return { ok: false, field: joined(key, parsed.field) };
      }
      answer[key] = parsed.value;
    }
    return { ok: true, value: answer as T };
  };
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own fields only: what a polluted prototype holds did not come from Authsignal. */
export function ownField(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

interface Field<T> {
  readonly key: keyof T & string;
  readonly shape: Shape<T[keyof T & string]>;
  readonly isRequired: boolean;
}

function fieldsOf<T>(shapes: object, isRequired: boolean): Field<T>[] {
  return Object.entries(shapes).map(([key, shape]) => ({
    key: key as keyof T & string,
    shape,
    isRequired,
  }));
}

function joined(outer: string, inner: string): string {
  return inner === '' || inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
