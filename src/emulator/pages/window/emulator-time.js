/** @import { ClockView } from './view.js' */

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const minute = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** What the emulator's clock says, between two answers too. */
export class EmulatorTime {
  /** @type {ClockView} */
  #clock = { now: Date.now(), offsetMs: 0, isSystems: true };
  #since = performance.now();

  /** @param {ClockView} clock */
  follow(clock) {
    this.#clock = clock;
    this.#since = performance.now();
  }

  /** A clock that the app handed in runs as it likes: nothing is added to what it said. */
  now() {
    const { now, isSystems } = this.#clock;
    return isSystems ? now + performance.now() - this.#since : now;
  }

  /**
   * With the day, if it is not the emulator's today.
   *
   * @param {number} at
   */
  stamp(at) {
    const isToday = day.format(at) === day.format(this.now());
    return isToday ? time.format(at) : `${shortDay.format(at)}, ${time.format(at)}`;
  }
}

/** @param {number} at hours, minutes and seconds */
export const timeOf = (at) => time.format(at);
/** @param {number} at hours and minutes */
export const minuteOf = (at) => minute.format(at);
/** @param {number} at */
export const dayOf = (at) => day.format(at);

/** @type {readonly (readonly [number, string])[]} */
const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/**
 * As `1 h 10 min`: the two largest units.
 *
 * @param {number} ms
 */
export function spanOf(ms) {
  let left = Math.round(Math.abs(ms) / 1_000) * 1_000;
  const parts = [];
  for (const [size, unit] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
