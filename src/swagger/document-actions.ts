import { REFUSAL_CODES } from '../core/wire.js';
import { inventoryOf, type NestApplication } from '../inventory/application-inventory.js';
import { documentAction } from './action-operation.js';
import { documentFlow } from './flow-operation.js';
import { matchOperations } from './match-operations.js';
import {
  type Fields,
  fieldsAt,
  type OpenApiDocument,
  type Operation,
  setMissing,
} from './open-api.js';
import { problemName, problemUnion, stepUpSchemas } from './step-up-schemas.js';
import { documentWebhook } from './webhook-operation.js';

/**
 * Adds to a document of `@nestjs/swagger` what this package answers: on every guarded route the refusals with their schemas,
 * `Retry-After` and the request header of the proof; on the WhatsApp routes bodies and answers, too; on webhooks the
 * signature. What the document says already stays. It is changed in place and returned; a second time changes nothing.
 *
 * @param app the Nest application that the document was made of.
 * @throws Nest's error where `AuthsignalModule` is not in the application.
 */
export function documentActions<Document extends OpenApiDocument>(
  app: NestApplication,
  document: Document,
): Document {
  const inventory = inventoryOf(app);
  const documented: Operation[] = [];
  for (const { operation, route } of matchOperations(document, inventory.documented())) {
    const { listed, flow } = route;
    if (listed === undefined) {
      continue;
    }
    if (flow !== undefined) {
      documentFlow(operation.fields, flow, inventory.proofHeader);
    } else if (listed.kind === 'webhook') {
      documentWebhook(operation.fields);
    } else {
      documentAction(operation.fields, listed, inventory.proofHeader);
    }
    documented.push(operation);
  }
  if (documented.length > 0) {
    addSchemas(document, documented);
  }
  return document;
}

/** Those that the operations refer to, and what those refer to. */
function addSchemas(document: OpenApiDocument, operations: readonly Operation[]): void {
  document.components ??= {};
  const schemas = fieldsAt(document.components as Fields, 'schemas');
  if (schemas === undefined) {
    return;
  }
  const needed = new Set<string>();
  const pending = operations.flatMap(({ fields }) => namesIn(fields));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const schema = stepUpSchemas[name];
    if (schema !== undefined && !needed.has(name)) {
      needed.add(name);
      pending.push(...namesIn(schema));
      setMissing(schemas, name, structuredClone(schema));
    }
  }
  const codes = REFUSAL_CODES.filter((code) => needed.has(problemName(code)));
  setMissing(schemas, 'StepUpProblem', problemUnion(codes));
}

function namesIn(value: unknown): readonly string[] {
  const references = JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  return [...references].flatMap(([, name]) => name ?? []);
}
