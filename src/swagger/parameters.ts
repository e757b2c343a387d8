import { type Fields, isFields, setMissing } from './open-api.js';

export interface HeaderParameter {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

/** Adds a request header, unless the operation has it. */
export function addHeader(
  operation: Fields,
  { name, description, required }: HeaderParameter,
): void {
  setMissing(operation, 'parameters', []);
  const { parameters } = operation;
  if (!Array.isArray(parameters) || parameters.some((given) => isHeader(given, name))) {
    return;
  }
  parameters.push({ name, in: 'header', required, description, schema: { type: 'string' } });
}

function isHeader(parameter: unknown, name: string): boolean {
  return (
    isFields(parameter) &&
    parameter.in === 'header' &&
    String(parameter.name).toLowerCase() === name.toLowerCase()
  );
}
