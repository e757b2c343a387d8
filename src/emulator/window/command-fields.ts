import type { Answer } from '../answer.js';
import { invalidRequest } from '../refusals.js';

/** How one field of a command is read; `must` ends the sentence that refuses it. */
export interface Field<T> {
  readonly must: string;
  /** Undefined if the value is no such thing. */
  readonly read: (value: unknown) => T | undefined;
  readonly isOptional?: boolean;
}

export type Shape = Readonly<Record<string, Field<unknown>>>;
export type Values<S extends Shape> = {
  readonly [Name in keyof S]: S[Name] extends Field<infer T> ? T : never;
};

export const text: Field<string> = {
  must: 'be a text that is not empty',
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined),
};

export function wholeNumber(least: number, most: number): Field<number> {
  return {
    must: `be a whole number from ${least} to ${most}`,
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
        ? value
        : undefined,
  };
}

export function oneOf<const T extends string | number | boolean>(choices: readonly T[]): Field<T> {
  return {
    must: `be one of ${choices.join(', ')}`,
    read: (value) => choices.find((choice) => choice === value),
  };
}

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return { ...field, isOptional: true };
}

/** The values of exactly the fields in `shape`, or a refusal in words. */
export function readCommand<S extends Shape>(
  shape: S,
  body: Readonly<Record<string, unknown>>,
): { readonly values: Values<S> } | { readonly refusal: Answer } {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(shape, name));
  if (unknown !== undefined) {
    return { refusal: invalidRequest(`${clip(unknown)} is not a field of this command.`) };
  }
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const given = body[name];
    if (given === undefined && field.isOptional === true) continue;
    const value = field.read(given);
    if (value === undefined) return { refusal: invalidRequest(`${name} must ${field.must}.`) };
    values[name] = value;
  }
  return { values: values as Values<S> };
}

const clip = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
