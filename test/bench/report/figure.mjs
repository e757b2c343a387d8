/*
 * Figures as a reader wants them: as many digits as mean something.
 */

/** @param {number} value @returns {string} such as `1,235` */
export const whole = (value) => Math.round(value).toLocaleString('en-US');

/**
 * @param {number} value
 * @returns {string} three digits that count, such as `0.0217`, `2.61`, `26.1` or `1,235`
 */
export function figure(value) {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) {
    return whole(value);
  }
  return size >= 0.01 ? String(Number(value.toPrecision(3))) : value.toFixed(4);
}

/** @param {number} value @returns {string} such as `2.61 ×` */
export const times = (value) => `${value.toFixed(2)} ×`;

/** @param {number} bytes @returns {string} such as `64 KB` */
export const kilobytes = (bytes) => `${whole(bytes / 1024)} KB`;
