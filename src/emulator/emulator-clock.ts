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
  /** Back to the time of its source. */
  reset(): void;
}

/** A clock that tells how it stands to its source. */
export interface MovableClock extends EmulatorClock {
  /** Milliseconds ahead of its source; negative behind it. */
  offset(): number;
  /** The source is the system's clock, which runs by itself. */
  readonly isSystems: boolean;
}

export function createEmulatorClock(
  source: TimeSource = Date,
  moved: () => void = () => undefined,
): MovableClock {
  let offset = 0;
  const move = (to: number): void => {
    offset = to;
    moved();
  };
  return {
    now: () => source.now() + offset,
    advance: (ms) => move(offset + ms),
    set: (ms) => move(ms - source.now()),
    reset: () => move(0),
    offset: () => offset,
    isSystems: source === Date,
  };
}
