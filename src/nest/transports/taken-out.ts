/** What was taken out of an object, and under which name. */
type Taken = ReadonlyMap<string, unknown>;

const NOTHING: Taken = new Map();

const taken = new WeakMap<object, Taken>();

/**
 * Takes a property out of the object itself, so that nobody who holds the object sees it any more,
 * and remembers it: more than one guard may ask for what came with one message.
 *
 * @returns whether it is gone; an object that is frozen keeps it.
 */
export function takeOut(holder: object, name: string): boolean {
  if (!Object.hasOwn(holder, name)) {
    return true;
  }
  const value: unknown = Reflect.get(holder, name);
  const isGone = Reflect.deleteProperty(holder, name);
  if (isGone) {
    taken.set(holder, new Map([...takenOut(holder), [name, value]]));
  }
  return isGone;
}

/** What has been taken out of it. */
export function takenOut(holder: object): Taken {
  return taken.get(holder) ?? NOTHING;
}
