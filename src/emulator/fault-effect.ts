import { type Answer, refuse, textOf, withHeaders } from './answer.js';
import type { Fault, FaultKind } from './faults.js';

const HUGE = 16 * 1024 * 1024;

/** Kinds that spoil an answer need one: their request is carried out. */
const PROCESSES: Readonly<Record<FaultKind, boolean>> = {
  latency: true,
  hang: false,
  'reset-before': false,
  'reset-after': true,
  truncated: true,
  'slow-body': true,
  status: false,
  html: false,
  empty: false,
  'malformed-json': false,
  'missing-fields': true,
  'wrong-types': true,
  redirect: false,
  huge: true,
};

/** How the answer leaves: whole, not at all, with the connection cut, or piece by piece. */
export type Delivery =
  | { readonly kind: 'send'; readonly answer: Answer }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'truncate'; readonly answer: Answer }
  | { readonly kind: 'stall'; readonly answer: Answer };

export function processes(fault: Fault): boolean {
  if (fault.kind === 'reset-before') return false;
  return fault.process ?? PROCESSES[fault.kind];
}

export function delayOf(fault: Fault): number {
  return fault.delayMs ?? (fault.kind === 'latency' ? 1_000 : 0);
}

/** `real` is the answer of a request that was carried out. */
export function deliveryOf(fault: Fault, real: Answer | undefined): Delivery {
  const own = real ?? refuse(500, 'internal_error', 'A fault of the emulator.');
  switch (fault.kind) {
    case 'hang':
      return { kind: 'hang' };
    case 'reset-before':
    case 'reset-after':
      return { kind: 'reset' };
    case 'truncated':
      return { kind: 'truncate', answer: adjusted(fault, own) };
    case 'slow-body':
      return { kind: 'stall', answer: adjusted(fault, own) };
    default:
      return { kind: 'send', answer: adjusted(fault, spoiled(fault, own)) };
  }
}

function spoiled(fault: Fault, own: Answer): Answer {
  const { sizeBytes = HUGE } = fault;
  switch (fault.kind) {
    case 'status':
      return refusalFor(fault.status ?? 500);
    case 'html':
      return text(502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>');
    case 'empty':
      return text(200, 'application/json', '');
    case 'malformed-json':
      return text(200, 'application/json', '{"isValid": true, "state": "CHALLENGE_SUC');
    case 'redirect':
      return withHeaders(text(302, 'text/plain', ''), { location: '/v1/elsewhere' });
    case 'huge':
      return mapBody(own, (body) => ({ ...body, padding: 'x'.repeat(sizeBytes) }));
    case 'missing-fields':
      return mapBody(own, (body) => withoutFields(body, fault.fields));
    case 'wrong-types':
      return mapBody(own, (body) => withWrongTypes(body, fault.fields));
    default:
      return own;
  }
}

function adjusted(fault: Fault, answer: Answer): Answer {
  const { status = answer.status, headers = {}, body } = fault;
  const changed = { ...withHeaders(answer, headers), status };
  if (body === undefined) return changed;
  return typeof body === 'string'
    ? { ...changed, body: { kind: 'text', text: body } }
    : { ...changed, body: { kind: 'json', value: body } };
}

function refusalFor(status: number): Answer {
  const codes: Readonly<Record<number, string>> = {
    400: 'invalid_request',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not_found',
    429: 'too_many_requests',
  };
  return refuse(status, codes[status] ?? 'internal_error', 'A fault of the emulator.');
}

function text(status: number, contentType: string, body: string): Answer {
  return {
    status,
    headers: { 'content-type': contentType },
    body: { kind: 'text', text: body },
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function mapBody(answer: Answer, change: (body: JsonObject) => JsonObject): Answer {
  const value: unknown = JSON.parse(textOf(answer));
  const spoil = (entry: unknown) => change(entry as JsonObject);
  return {
    ...answer,
    body: { kind: 'json', value: Array.isArray(value) ? value.map(spoil) : spoil(value) },
  };
}

function withoutFields(
  body: JsonObject,
  fields: readonly string[] = Object.keys(body),
): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}

function withWrongTypes(
  body: JsonObject,
  fields: readonly string[] = Object.keys(body),
): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      fields.includes(name) ? ofAnotherType(value) : value,
    ]),
  );
}

function ofAnotherType(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return 42;
    case 'boolean':
    case 'number':
      return String(value);
    default:
      return Array.isArray(value) ? {} : 'text';
  }
}
