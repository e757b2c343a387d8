import type { Route } from './call.js';
import { ROUTES } from './route-table.js';

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The route of a path that is still percent-encoded: each segment is decoded by itself, so that an
 * id may hold slashes, dots and question marks. `undecodable` if a segment cannot be.
 */
export function findRoute(method: string, path: string): RouteMatch | 'undecodable' | undefined {
  const segments = path.split('/').slice(1);
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const params = matchSegments(route.path.split('/').slice(1), segments);
    if (params === 'undecodable') return 'undecodable';
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | 'undecodable' | undefined {
  const hasRest = pattern.at(-1) === '*';
  const fixed = hasRest ? pattern.slice(0, -1) : pattern;
  const fits = hasRest ? segments.length > fixed.length : segments.length === fixed.length;
  if (!fits) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of fixed.entries()) {
    const segment = segments[index] ?? '';
    if (!name.startsWith(':')) {
      if (name !== segment) return undefined;
      continue;
    }
    if (segment === '') return undefined;
    const decoded = decode(segment);
    if (decoded === undefined) return 'undecodable';
    params[name.slice(1)] = decoded;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
