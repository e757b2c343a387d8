import type { ActionRequest } from '../../core/action-request.js';
import { answerOf } from './property.js';
import { takenOut, takeOut } from './taken-out.js';

/** What the caller of a microservice said beside the data, with names in lower case. */
export function metadataHeaders(raw: unknown): ActionRequest['headers'] {
  const metadata = metadataOf(raw);
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of [...entriesOf(metadata), ...takenOut(metadata)]) {
    if (isHeader(value)) {
      headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}

/** Takes a header out, however it is written. */
export function takeMetadata(raw: unknown, header: string): void {
  const metadata = metadataOf(raw);
  for (const name of Object.keys(metadata)) {
    if (name.toLowerCase() === header.toLowerCase()) {
      takeOut(metadata, name);
    }
  }
}

function entriesOf(metadata: object): readonly (readonly [string, unknown])[] {
  return Object.entries(metadata);
}

function metadataOf(raw: unknown): object {
  return Object(answerOf(raw, 'getMetadata'));
}

function isHeader(value: unknown): value is string | readonly string[] {
  return (
    typeof value === 'string' ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}
