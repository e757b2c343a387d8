import type { RefusalCode } from '../core/wire.js';
import { type Fields, fieldsAt, setMissing } from './open-api.js';
import { PROBLEMS, WITH_RETRY_AFTER } from './problem-catalog.js';
import { problemUnion } from './step-up-schemas.js';

const PROBLEM_TYPE = 'application/problem+json';

/** Adds the answers of these refusals; what the operation already says of a status stays as it is. */
export function addRefusals(operation: Fields, codes: readonly RefusalCode[]): void {
  const responses = fieldsAt(operation, 'responses');
  if (responses === undefined) {
    return;
  }
  for (const status of new Set(codes.map((code) => PROBLEMS[code].status))) {
    const response = fieldsAt(responses, String(status));
    if (response !== undefined) {
      const ofStatus = codes.filter((code) => PROBLEMS[code].status === status);
      describeResponse(response, status, ofStatus);
    }
  }
}

function describeResponse(response: Fields, status: number, codes: readonly RefusalCode[]): void {
  const lines = codes.map((code) => `\`${code}\`: ${PROBLEMS[code].when}`);
  if (!response.description) {
    response.description = lines.join('\n\n');
  }
  const content = fieldsAt(response, 'content');
  if (content !== undefined) {
    setMissing(content, PROBLEM_TYPE, { schema: problemUnion(codes) });
  }
  if (WITH_RETRY_AFTER.has(status)) {
    const headers = fieldsAt(response, 'headers');
    if (headers !== undefined) {
      setMissing(headers, 'Retry-After', {
        description: 'When it may be tried again, in seconds.',
        schema: { type: 'integer', minimum: 1 },
      });
    }
  }
}
