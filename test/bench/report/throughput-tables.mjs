import { median, ratio } from '../statistics.mjs';
import { times, whole } from './figure.mjs';
import { table } from './table.mjs';

/** @typedef {import('../sections/throughput.mjs').Series} Series */
/** @typedef {import('../apps/main.mjs').Guard} Guard */
/** @typedef {import('../load/target.mjs').Kind} Kind */
/** @typedef {import('../load/target.mjs').Measured} Measured */

/** @type {Readonly<Record<string, string>>} */
export const PLATFORM_NAMES = {
  express: 'Express',
  'nest-express': 'Nest + Express',
  'nest-fastify': 'Nest + Fastify',
};

/** @type {Readonly<Record<string, string>>} */
const KIND_NAMES = { first: 'first request', refusal: 'refusal', retry: 'retry' };

/** @type {readonly ('first' | 'refusal' | 'retry')[]} */
export const GUARDED_KINDS = ['first', 'refusal', 'retry'];

/**
 * @param {readonly Series[]} all
 * @param {string} platform
 * @param {Kind} kind
 * @param {Guard} guard
 * @param {keyof Measured} [what]
 * @returns {number[]} by round; none where it was not measured
 */
export function roundsOf(all, platform, kind, guard, what = 'perSecond') {
  const found = all.find(
    (series) => series.platform === platform && series.kind === kind && series.guard === guard,
  );
  return (found?.rounds ?? []).map((round) => round[what]);
}

/** @param {readonly Series[]} all */
export const platformsOf = (all) => [...new Set(all.map(({ platform }) => platform))];

/**
 * Requests per second, and how ours compares within the same rounds.
 *
 * @param {readonly Series[]} all
 */
export function throughputTable(all) {
  const columns = ['', 'no guard', 'by hand', 'ours', 'limit', 'ours / limit', 'ours / by hand'];
  return table(
    columns,
    eachKind(all, (platform, kind) => {
      /** @param {Guard} guard */
      const of = (guard) => roundsOf(all, platform, kind, guard);
      return [
        // Without a guard there is only one kind of request.
        middle(roundsOf(all, platform, 'first', 'none')),
        middle(of('by-hand')),
        middle(of('ours')),
        middle(of('limit')),
        spread(of('ours'), of('limit')),
        times(ratio(of('ours'), of('by-hand')).median),
      ];
    }),
  );
}

/** What a request costs the application beside its rate. @param {readonly Series[]} all */
export function costTable(all) {
  const columns = [
    '',
    'CPU µs: by hand',
    'ours',
    'limit',
    'p99 ms: by hand',
    'ours',
    'limit',
    'MB: by hand',
    'ours',
    'limit',
    'core used: by hand',
    'ours',
    'limit',
  ];
  return table(
    columns,
    eachKind(all, (platform, kind) =>
      /** @type {const} */ (['cpuUs', 'p99Ms', 'rssMb', 'busy']).flatMap((what) =>
        /** @type {const} */ (['by-hand', 'ours', 'limit']).map((guard) =>
          what === 'busy'
            ? percent(roundsOf(all, platform, kind, guard, what))
            : middle(roundsOf(all, platform, kind, guard, what)),
        ),
      ),
    ),
  );
}

/** A route that nothing guards, with and without the module. @param {readonly Series[]} all */
export function openTable(all) {
  const columns = ['', 'without', 'with', 'with / without', 'CPU µs: without', 'with'];
  const rows = platformsOf(all).flatMap((platform) =>
    /** @type {const} */ (['open', 'beside'])
      .filter((kind) => roundsOf(all, platform, kind, 'ours').length > 0)
      .map((kind) => {
        const [without, withOurs] = /** @type {const} */ (['none', 'ours']).map((guard) =>
          roundsOf(all, platform, kind, guard),
        );
        const where = kind === 'open' ? '' : ', beside guarded ones';
        return [
          `${PLATFORM_NAMES[platform]}${where}`,
          middle(without ?? []),
          middle(withOurs ?? []),
          spread(withOurs ?? [], without ?? []),
          middle(roundsOf(all, platform, kind, 'none', 'cpuUs')),
          middle(roundsOf(all, platform, kind, 'ours', 'cpuUs')),
        ];
      }),
  );
  return table(columns, rows);
}

/**
 * @param {readonly Series[]} all
 * @param {(platform: string, kind: Kind) => string[]} cells
 */
const eachKind = (all, cells) =>
  platformsOf(all).flatMap((platform) =>
    GUARDED_KINDS.map((kind) => [
      `${PLATFORM_NAMES[platform]}, ${KIND_NAMES[kind]}`,
      ...cells(platform, kind),
    ]),
  );

/** @param {readonly number[]} values */
const middle = (values) => (values.length === 0 ? '–' : whole(median(values)));

/** @param {readonly number[]} values */
const percent = (values) => (values.length === 0 ? '–' : `${whole(median(values) * 100)} %`);

/** @param {readonly number[]} series @param {readonly number[]} base */
function spread(series, base) {
  const { median: value, lowest, highest } = ratio(series, base);
  return `${times(value)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}
