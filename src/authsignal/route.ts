/** The path of a call below the API's base, or the field that cannot stand in a path. */
export type Route =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly field: string };

/** An id that fills one segment of a path, under the name that a failure gives it. */
export type Id = readonly [field: string, value: string];

export function fixedRoute(path: string): Route {
  return { ok: true, path };
}

/** Joins literal segments and ids; an id always stays within its own segment. */
export function routeOf(...parts: readonly (string | Id)[]): Route {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      path += `/${part}`;
      continue;
    }
    const segment = segmentOf(part[1]);
    if (segment === undefined) {
      return { ok: false, field: part[0] };
    }
    path += `/${segment}`;
  }
  return { ok: true, path };
}

/**
 * `.` and `..` are refused, not written as `%2E`: URL parsers (WHATWG, RFC 3986 normalisation in
 * proxies) take `%2E%2E` for `..` and would move the call to another route.
 */
function segmentOf(id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..') {
    return undefined;
  }
  try {
    return encodeURIComponent(id);
  } catch {
    // A lone surrogate has no UTF-8 form.
    return undefined;
  }
}
