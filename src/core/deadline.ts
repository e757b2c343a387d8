/** Rejects when `value` takes longer than `ms`; what is there already costs no timer. */
export async function withinDeadline<T>(value: T | Promise<T>, ms: number): Promise<T> {
  if (!(value instanceof Promise)) {
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
