/** Rejects when `value` takes longer than `ms`; what is there already costs no timer. */
export async function withinDeadline<T>(value: T | Promise<T>, ms: number): Promise<T> {
  if (!isThenable(value)) {
    return value;
  }
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([value, passed]);
  } finally {
    clearTimeout(timer);
  }
}

/** Not `instanceof`: a driver may have a promise class of its own, or one of another realm. */
function isThenable(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'
  );
}
