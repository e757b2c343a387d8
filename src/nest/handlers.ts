export type Handler = (this: unknown, ...args: unknown[]) => unknown;
export type Controller = abstract new (...args: never[]) => object;

export interface FoundHandler {
  readonly name: string;
  readonly handler: Handler;
  /** The prototype that has the method: the controller's own or one that it extends. */
  readonly owner: object;
}

const ORIGINAL = Symbol.for('authsignal-guard.nest.original');
const OWNER = Symbol.for('authsignal-guard.nest.owner');

/** The decorated methods, inherited ones too; whoever has no metadata is no handler of Nest's. */
export function handlersOf(controller: Controller): readonly FoundHandler[] {
  const handlers = new Map<string, FoundHandler>();
  let prototype: object | null = controller.prototype;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (!handlers.has(name) && name !== 'constructor' && isHandler(handler)) {
        handlers.set(name, { name, handler, owner: ownerOf(handler) ?? prototype });
      }
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return [...handlers.values()];
}

/**
 * The same handler to Nest, with its name and metadata, run by `run`. A copy of a copy runs the
 * original, so that an application that is built twice wraps once.
 */
export function copyOf(
  { handler, owner }: FoundHandler,
  run: (handle: () => unknown) => unknown,
): Handler {
  const original: Handler = Reflect.getOwnMetadata(ORIGINAL, handler) ?? handler;
  const copy: Handler = function (...args) {
    return run(() => original.apply(this, args));
  };
  for (const key of Reflect.getMetadataKeys(handler)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, handler), copy);
  }
  Reflect.defineMetadata(ORIGINAL, original, copy);
  Reflect.defineMetadata(OWNER, owner, copy);
  Object.defineProperty(copy, 'name', { value: original.name });
  Object.defineProperty(copy, 'length', { value: original.length });
  return copy;
}

/** Of a copy: where its original was found. */
function ownerOf(handler: Handler): object | undefined {
  return Reflect.getOwnMetadata(OWNER, handler);
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function' && Reflect.getMetadataKeys(value).length > 0;
}
