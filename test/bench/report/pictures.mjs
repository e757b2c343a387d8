import { kilobytes } from './figure.mjs';
import { lineChart } from './line-chart.mjs';
import { PLATFORM_NAMES } from './throughput-tables.mjs';

/** @typedef {import('../sections/growth.mjs').Growth} Growth */

/** @type {Readonly<Record<string, string>>} */
const GUARD_NAMES = { none: 'no guard', ours: 'ours', limit: 'limit' };

/**
 * Curves that say more than their tables.
 *
 * @param {Growth} growth
 * @returns {Record<string, string>} SVG by file name
 */
export function pictures(growth) {
  return {
    ...concurrencyPictures(growth),
    ...routesPictures(growth),
    'performance-bodies.svg': bodiesPicture(growth),
  };
}

/** @param {Growth} growth */
function concurrencyPictures({ concurrency }) {
  return perPlatform(concurrency, (platform, list) => [
    `performance-concurrency-${platform}.svg`,
    lineChart({
      title: `${PLATFORM_NAMES[platform]}: first requests per second`,
      xLabel: 'requests at once',
      yLabel: 'requests per second',
      lines: linesOf(list, ({ connections, perSecond }) => [connections, perSecond]),
    }),
  ]);
}

/** @param {Growth} growth */
function routesPictures({ routes }) {
  const starts = perPlatform(routes, (platform, list) => [
    `performance-routes-start-${platform}.svg`,
    lineChart({
      title: `${PLATFORM_NAMES[platform]}: start, after its imports`,
      xLabel: 'guarded routes',
      yLabel: 'ms',
      isYLogarithmic: true,
      lines: linesOf(list, ({ routes: count, startMs }) => [count, startMs]),
    }),
  ]);
  const requests = perPlatform(routes, (platform, list) => [
    `performance-routes-request-${platform}.svg`,
    lineChart({
      title: `${PLATFORM_NAMES[platform]}: a request to the last route`,
      xLabel: 'guarded routes',
      yLabel: 'CPU µs',
      lines: linesOf(list, ({ routes: count, cpuUs }) => [count, cpuUs]),
    }),
  ]);
  return { ...starts, ...requests };
}

/** @param {Growth} growth */
function bodiesPicture({ bodies: { alone } }) {
  return lineChart({
    title: 'Binding a whole body, without a network',
    xLabel: 'body',
    yLabel: 'µs',
    xText: kilobytes,
    isYLogarithmic: true,
    lines: [
      { name: 'gate.evaluate', points: alone.map(({ bytes, evaluateUs }) => [bytes, evaluateUs]) },
      { name: 'JSON.parse', points: alone.map(({ bytes, parseUs }) => [bytes, parseUs]) },
    ],
  });
}

/**
 * @template {{ platform: string }} T
 * @param {readonly T[]} list
 * @param {(platform: string, own: readonly T[]) => [string, string]} picture
 */
function perPlatform(list, picture) {
  const platforms = [...new Set(list.map(({ platform }) => platform))];
  return Object.fromEntries(
    platforms.map((platform) =>
      picture(
        platform,
        list.filter((each) => each.platform === platform),
      ),
    ),
  );
}

/**
 * @template {{ guard: string }} T
 * @param {readonly T[]} list
 * @param {(each: T) => [number, number]} point
 */
const linesOf = (list, point) =>
  [...new Set(list.map(({ guard }) => guard))].map((guard) => ({
    name: GUARD_NAMES[guard] ?? guard,
    points: list.filter((each) => each.guard === guard).map(point),
  }));
