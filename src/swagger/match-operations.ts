import type { DocumentedRoute } from '../inventory/application-inventory.js';
import { type OpenApiDocument, type Operation, operationsOf } from './open-api.js';

export interface Match {
  readonly operation: Operation;
  readonly route: DocumentedRoute;
}

/** Finds for each operation the handler that it was made of; for one that no handler is known for, nothing. */
export function matchOperations(
  document: OpenApiDocument,
  routes: readonly DocumentedRoute[],
): readonly Match[] {
  const operations = operationsOf(document);
  const whole = matches(operations, routes, ({ path }) => path);
  // Documents may leave the application's prefix out.
  const local = matches(operations, routes, ({ localPath }) => localPath);
  return local.length > whole.length ? local : whole;
}

function matches(
  operations: readonly Operation[],
  routes: readonly DocumentedRoute[],
  pathOf: (route: DocumentedRoute) => string,
): readonly Match[] {
  const byShape = new Map<string, DocumentedRoute[]>();
  for (const route of routes) {
    const shape = shapeOf(pathOf(route));
    byShape.set(shape, [...(byShape.get(shape) ?? []), route]);
  }
  return operations.flatMap((operation) => {
    const candidates = (byShape.get(shapeOf(operation.path)) ?? []).filter(({ method }) =>
      ['ALL', operation.method.toUpperCase()].includes(method),
    );
    const route = candidates.findLast((one) => isNamed(operation, one)) ?? candidates.at(-1);
    return route === undefined ? [] : { operation, route };
  });
}

/**
 * The path with its parameters' names left out, in Nest's notation (`:id`, `*path`, `{/:id}`) and in that of documents
 * (`{id}`).
 */
function shapeOf(path: string): string {
  return path
    .replace(/\{([^{}:*/]+)\}/g, '\0')
    .replace(/[{}]/g, '')
    .replace(/:\w+(?:\([^)]*\))?\??/g, '\0')
    .replace(/\*\w*/g, '\0')
    .replace(/(.)\/$/, '$1');
}

/** Several versions may share a path, of which a document holds the last that was read. */
function isNamed({ fields }: Operation, { controller, handler }: DocumentedRoute): boolean {
  return String(fields.operationId).startsWith(`${controller}_${handler}`);
}
