import { jest } from '@jest/globals';

/** Time that stands still until a test moves it. */
export interface StoppedTime {
  advance(ms: number): void;
}

/**
 * Stops `Date` for the rest of a spec file, and nothing but `Date`: whatever reads the time, the
 * emulator and the limits among them, sees the same, while the network and deadlines run on. Call it
 * before anything is started.
 */
export function stopTime(): StoppedTime {
  jest.useFakeTimers({
    // Whole seconds, since Authsignal tells the end of a challenge in them.
    now: Math.ceil(Date.now() / 1000) * 1000,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  return { advance: (ms) => jest.setSystemTime(Date.now() + ms) };
}
