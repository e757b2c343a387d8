import { setTimeout as pause } from 'node:timers/promises';

const LOOKS = 3_000;
const BETWEEN_MS = 10;

/** Looks again and again. @throws with `what` if it never comes true. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (await isTrue()) {
      return;
    }
    await pause(BETWEEN_MS);
  }
  throw new Error(`Waited in vain until ${what}`);
}
