/** Where the time comes from, in Unix milliseconds. */
export interface TimeSource {
  now(): number;
}

/** The emulator's time: it runs on with its source, from wherever it was moved to. */
export interface EmulatorClock extends TimeSource {
  /** Moves the time forward by `ms`. */
  advance(ms: number): void;
  /** Moves the time to `ms` (Unix milliseconds). */
  set(ms: number): void;
}

export function createEmulatorClock(source: TimeSource = Date): EmulatorClock {
  let offset = 0;
  return {
    now: () => source.now() + offset,
    advance: (ms) => {
      offset += ms;
    },
    set: (ms) => {
      offset = ms - source.now();
    },
  };
}
