/** @typedef {Awaited<ReturnType<typeof import('./soak.mjs').soak>>} Result */

/** What is printed at the end. @param {Result} result @param {import('./options.mjs').SoakOptions} options */
export function figures({ tally, memory, seconds, sent, remembered }, { seed }) {
  const { second, last, slope } = memory.verdict;
  return [
    `${sent} guarded requests in ${seconds.toFixed(0)} s (${(sent / seconds).toFixed(0)}/s), seed ${seed}`,
    ...section('answers', tally.under('answer ')),
    ...section('handlers ran by', tally.under('ran by ')),
    ...section('faults of Authsignal', tally.under('fault ')),
    ...section('faults of the store', tally.under('store ')),
    ...section('events', tally.under('event ')),
    `used proofs remembered at the end: ${remembered}`,
    `heap after collecting, MB: ${memory.samples.map(({ megabytes }) => megabytes.toFixed(1)).join(' ')}`,
    `  second third ${second.toFixed(2)}, last third ${last.toFixed(2)}, ${slope.toFixed(1)} bytes per request`,
    ...verdict(tally),
  ].join('\n');
}

/** @param {string} title @param {readonly [string, number][]} counts */
const section = (title, counts) => [
  `${title}:`,
  ...counts.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`),
];

/** @param {Result['tally']} tally */
function verdict({ violations }) {
  const found = (/** @type {string} */ prefix) =>
    violations
      .filter(({ rule }) => rule.startsWith(prefix))
      .reduce((sum, { count }) => sum + count, 0);
  return [
    `unproven runs: ${found('ran unproven')}, double runs: ${found('ran twice')}, answers outside the contract: ${found('outside')}`,
    ...violations.map(({ rule, count, first }) => `VIOLATION ${count} x ${rule}\n  ${first}`),
  ];
}
