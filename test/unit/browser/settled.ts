const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

let working = 0;

/** Work that {@link settled} waits for, such as reading a body: on a page that takes more than turns. */
export async function underWay<T>(work: Promise<T>): Promise<T> {
  working += 1;
  try {
    return await work;
  } finally {
    working -= 1;
  }
}

/** Lets everything run that waits for nothing but what is under way, in Node as on a page. */
export async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 5; quiet += 1) {
    await turn();
    if (working > 0) {
      quiet = 0;
    }
  }
}
