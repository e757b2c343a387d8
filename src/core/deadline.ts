/**
 * What `value` becomes, or what `late` answers when that takes longer than `ms`. What is there already costs no timer.
 *
 * @param late default: throws.
 */
export async function withinDeadline<T>(
  value: T | Promise<T>,
  ms: number,
  late: () => T = () => tooLate(ms),
): Promise<T> {
  if (!isThenable(value)) {
    return value;
  }
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    return await Promise.race([value, passed.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(ms: number): never {
  throw new Error(`No answer within ${ms} ms`);
}

/** Not `instanceof`: a driver may have a promise class of its own, or one of another realm. */
function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'
  );
}
