import { type Declared, declaredBy } from './declared-middleware.js';
import { mountPath, type PathKeeper, pathsOf } from './mount-path.js';

/** A middleware of this package where it stands in an application. */
export interface Met {
  readonly middleware: object;
  readonly declared: Declared;
  readonly method: string;
  readonly path: string;
  /** The names of what runs before it, of what is behind it, and of the handler. */
  readonly before: readonly string[];
  readonly behind: readonly string[];
  readonly own: string;
  readonly handler: string;
  /** Whether nothing is behind it, of its route or of its stack, that it could keep a request from. */
  readonly isLast: boolean;
}

interface Layer extends PathKeeper {
  readonly name?: string;
  readonly handle?: unknown;
  readonly method?: string;
  readonly route?: { readonly path?: unknown; readonly stack?: readonly Layer[] };
}

/** Where a stack is met: below which path, and behind what. */
interface Place {
  readonly path: string;
  readonly before: readonly string[];
}

/** Finds what is registered on an application or a router of Express 4 or 5, in the order in which it runs. */
export function readStack(
  router: unknown,
  place: Place = { path: '', before: [] },
): readonly Met[] {
  const met: Met[] = [];
  const before = [...place.before];
  const stack = stackOf(router);
  for (const [index, layer] of stack.entries()) {
    if (layer.route !== undefined) {
      met.push(...ofRoute(layer.route, { path: place.path, before }));
      continue;
    }
    const path = place.path + mountPath(layer);
    const declared = declaredBy(layer.handle);
    if (declared === undefined) {
      met.push(...readStack(layer.handle, { path, before }));
    } else {
      const middleware = Object(layer.handle);
      const rest = stack.slice(index + 1);
      const behind = rest.filter(isPlain).map(nameOf);
      const isLast = rest.every(isForErrors);
      const at = { method: 'ALL', path: `${path}/*`, handler: 'whatever is behind it', isLast };
      met.push({ middleware, declared, before: [...before], behind, own: nameOf(layer), ...at });
    }
    if (mountPath(layer) === '' && isPlain(layer) && !EXPRESS_OWN.has(nameOf(layer))) {
      before.push(nameOf(layer));
    }
  }
  return met;
}

/** What Express 4 puts into every application. */
const EXPRESS_OWN: ReadonlySet<string> = new Set(['query', 'expressInit']);

function ofRoute(route: NonNullable<Layer['route']>, place: Place): readonly Met[] {
  const { stack = [] } = route;
  return stack.flatMap((layer, index) => {
    const declared = declaredBy(layer.handle);
    if (declared === undefined) {
      return [];
    }
    const isSame = ({ method }: Layer): boolean => method === layer.method || method === undefined;
    const before = [...place.before, ...stack.slice(0, index).filter(isSame).map(nameOf)];
    const after = stack.slice(index + 1).filter((other) => !isForErrors(other));
    const rest = after.filter(isSame);
    const shared = {
      middleware: Object(layer.handle),
      declared,
      method: (layer.method ?? 'all').toUpperCase(),
      before,
      own: nameOf(layer),
      behind: rest.slice(0, -1).map(nameOf),
      handler: nameOf(rest.at(-1) ?? layer),
      isLast: (layer.method === undefined ? after : rest).length === 0,
    };
    return pathsOf(route.path).map((path) => ({ ...shared, path: place.path + path }));
  });
}

/** Of an application (Express 4 keeps its router in `_router`, 5 in `router`) or of a router. */
function stackOf(router: unknown): readonly Layer[] {
  const holder = Object(router);
  // Express 4 has a getter of the name `router` that throws.
  const stack: unknown = holder.stack ?? holder._router?.stack ?? routerOf(holder)?.stack;
  return Array.isArray(stack) ? stack : [];
}

function routerOf(app: object): { readonly stack?: unknown } | undefined {
  try {
    return Reflect.get(app, 'router');
  } catch {
    return undefined;
  }
}

function isPlain({ route, handle }: Layer): boolean {
  return route === undefined && stackOf(handle).length === 0;
}

/** As Express tells them apart: by the number of their parameters. */
function isForErrors({ handle }: Layer): boolean {
  return typeof handle === 'function' && handle.length === 4;
}

function nameOf(layer: Pick<Layer, 'handle' | 'name'>): string {
  const declared = declaredBy(layer.handle);
  if (declared === undefined) {
    return layer.name || '<anonymous>';
  }
  return DECLARED_NAMES[declared.kind];
}

const DECLARED_NAMES = {
  action: 'requireAction',
  webhook: 'authsignalWebhook',
  whatsapp: 'whatsAppRouter',
} as const;
