/** A property of what another package has made, if it is there. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** What a method of it answers, if it is there: Nest's contexts differ from transport to transport. */
export function answerOf(value: unknown, method: string): unknown {
  const get = property(value, method);
  return typeof get === 'function' ? Reflect.apply(get, value, []) : undefined;
}
