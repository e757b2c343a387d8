/** What counts of an answer; every field that an answer has must be expected. */
export interface Outcome {
  readonly status: number;
  readonly code?: string;
  readonly reason?: string;
  readonly approvedBy?: string;
  readonly isVerified?: boolean;
  readonly enrolled?: boolean;
}

/** A challenge is needed. */
export const REFUSED = { status: 403, code: 'step_up_required' } as const;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const FIELDS = ['code', 'reason', 'approvedBy', 'isVerified', 'enrolled'] as const;

export function outcomeOf({ status, body }: Answer): Outcome {
  const found = FIELDS.map((name) => [name, fieldOf(body, name)] as const);
  return { status, ...Object.fromEntries(found.filter(([, value]) => value !== undefined)) };
}

/** `403, code step_up_required, reason binding_mismatch` */
export function outcomeText({ status, ...fields }: Outcome): string {
  const rest = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return [status, ...rest].join(', ');
}

/** The text at the end of a path of names, if there is one. */
export function textIn(body: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce(fieldOf, body);
  return typeof found === 'string' ? found : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
