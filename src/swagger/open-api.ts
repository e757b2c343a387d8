/** What is read and written of a document: a part of OpenAPI 3.0 and 3.1, whoever wrote the rest. */
export interface OpenApiDocument {
  paths: Record<string, object>;
  components?: object;
}

export type Schema = Readonly<Record<string, unknown>>;

/** A plain object that is written to, field by field. */
export type Fields = Record<string, unknown>;

/** And those that Nest documents for `@All`. */
const METHODS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'search',
  'query',
];

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly fields: Fields;
}

/** The operations of a document, to be written to. */
export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const fields: unknown = Reflect.get(item, method);
      return isFields(fields) ? { method, path, fields } : [];
    }),
  );
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets what is not there yet. */
export function setMissing(target: Fields, name: string, value: unknown): void {
  if (target[name] === undefined) {
    target[name] = value;
  }
}

/** The object at this name, made where there is none; nothing where something else is there. */
export function fieldsAt(target: Fields, name: string): Fields | undefined {
  setMissing(target, name, {});
  const value = target[name];
  return isFields(value) && value.$ref === undefined ? value : undefined;
}
