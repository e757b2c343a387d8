import { figure, kilobytes, times, whole } from './figure.mjs';
import { table } from './table.mjs';
import { PLATFORM_NAMES } from './throughput-tables.mjs';

/** @typedef {import('../sections/growth.mjs').Growth} Growth */

/** @param {Growth} growth */
export function concurrencyTable({ concurrency }) {
  return table(
    ['Requests at once', 'no guard', 'ours', 'limit', 'ours / limit', 'p99 ms: ours', 'limit'],
    concurrency
      .filter(({ guard }) => guard === 'ours')
      .map((ours) => {
        const { platform, connections } = ours;
        /** @param {string} guard */
        const other = (guard) =>
          concurrency.find(
            (each) =>
              each.platform === platform &&
              each.connections === connections &&
              each.guard === guard,
          );
        return [
          `${PLATFORM_NAMES[platform]}, ${whole(connections)}`,
          whole(other('none')?.perSecond ?? 0),
          whole(ours.perSecond),
          whole(other('limit')?.perSecond ?? 0),
          times(ours.ofLimit),
          figure(ours.p99Ms),
          figure(other('limit')?.p99Ms ?? 0),
        ];
      }),
  );
}

/** @param {Growth} growth */
export function routesTable({ routes }) {
  const columns = [
    'Guarded routes',
    'start ms: no guard',
    'ours',
    'limit',
    'CPU µs: no guard',
    'ours',
    'limit',
  ];
  return table(
    columns,
    routes
      .filter(({ guard }) => guard === 'ours')
      .map(({ platform, routes: count }) => {
        /** @param {'startMs' | 'cpuUs'} what */
        const all = (what) =>
          ['none', 'ours', 'limit'].map((guard) => {
            const found = routes.find(
              (each) => each.platform === platform && each.routes === count && each.guard === guard,
            );
            return figure(found?.[what] ?? 0);
          });
        return [`${PLATFORM_NAMES[platform]}, ${whole(count)}`, ...all('startMs'), ...all('cpuUs')];
      }),
  );
}

/** @param {Growth} growth */
export function bodiesTable({ bodies: { alone, requests } }) {
  const columns = [
    'Body, bound whole',
    'the gate alone, µs',
    'JSON.parse, µs',
    'CPU µs: no guard',
    'ours',
    'limit',
  ];
  return table(
    columns,
    alone.map(({ bytes, evaluateUs, parseUs }) => [
      kilobytes(bytes),
      figure(evaluateUs),
      figure(parseUs),
      ...['none', 'ours', 'limit'].map((guard) => {
        const found = requests.find((each) => each.bytes === bytes && each.guard === guard);
        return figure(found?.cpuUs ?? 0);
      }),
    ]),
  );
}

/** @param {Growth} growth */
export function instancesTable({ instances }) {
  return table(
    ['Instances on one core, one Redis', 'retries/s, all together', 'CPU µs', 'p99 ms'],
    instances.map(({ instances: count, perSecond, cpuUs, p99Ms }) => [
      whole(count),
      whole(perSecond),
      figure(cpuUs),
      figure(p99Ms),
    ]),
  );
}
