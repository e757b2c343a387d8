import { figure } from './figure.mjs';
import { table } from './table.mjs';
import { PLATFORM_NAMES } from './throughput-tables.mjs';

/** @typedef {import('../sections/profile.mjs').Profiled} Profiled */

/**
 * Microseconds per request by whose code they were spent in.
 *
 * @param {readonly Profiled[]} profiled
 * @returns {string}
 */
export function profileTable(profiled) {
  const own = profiled.filter(({ guard }) => guard !== 'by-hand');
  const groups = [...new Set(own.flatMap((each) => Object.keys(each.groups)))].sort(
    (one, other) => sumOf(own, other) - sumOf(own, one),
  );
  const cases = [...new Set(own.map(({ platform, kind }) => `${platform} ${kind}`))];
  return cases
    .map((name) => {
      const [platform = '', kind = ''] = name.split(' ');
      const ours = find(own, platform, kind, 'ours');
      const limit = find(own, platform, kind, 'limit');
      return table(
        [`${PLATFORM_NAMES[platform]}, ${kind}: µs in`, 'ours', 'limit', 'difference'],
        groups.map((group) => {
          const [one, other] = [ours?.groups[group] ?? 0, limit?.groups[group] ?? 0];
          return [group, figure(one), figure(other), figure(one - other)];
        }),
      );
    })
    .join('\n\n');
}

/** The functions of ours, and what we call, that cost most. @param {readonly Profiled[]} profiled */
export function functionsTable(profiled) {
  const ours = profiled.filter(({ guard }) => guard === 'ours').at(-2);
  return table(
    [`Function (${PLATFORM_NAMES[ours?.platform ?? ''] ?? ''}, ${ours?.kind ?? ''})`, 'µs'],
    (ours?.functions ?? []).slice(0, 25).map(({ name, us }) => [`\`${name}\``, figure(us)]),
  );
}

/** @param {readonly Profiled[]} list @param {string} platform @param {string} kind @param {string} guard */
const find = (list, platform, kind, guard) =>
  list.find((each) => each.platform === platform && each.kind === kind && each.guard === guard);

/** @param {readonly Profiled[]} list @param {string} group */
const sumOf = (list, group) => list.reduce((sum, each) => sum + (each.groups[group] ?? 0), 0);
