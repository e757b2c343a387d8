/**
 * Where a process spent its time.
 * @typedef {object} SelfTimes
 * @property {Record<string, number>} groups microseconds by group
 * @property {{ name: string, us: number }[]} functions the costliest first
 */

/** @typedef {{ functionName: string, url: string, lineNumber: number }} Frame */
/** @typedef {{ id: number, callFrame: Frame, children?: number[] }} Node */
/** @typedef {{ nodes: Node[], samples?: number[], timeDeltas?: number[] }} Profile */

/** Starting and stopping it takes long, and is no part of any request. */
const PROFILER = 'profiler';

/** Groups, by the file of a function; the first that fits. */
/** @type {readonly (readonly [string, RegExp])[]} */
const GROUPS = [
  ['canonical JSON', /node_modules\/canonicalize\//],
  ['undici', /node_modules\/undici\//],
  ['ours', /\/(dist\/(esm|cjs)|node_modules\/authsignal-guard)\//],
  ['circuit breaker', /node_modules\/cockatiel\//],
  [
    '@authsignal/node and axios',
    /node_modules\/(@authsignal|axios|axios-retry|follow-redirects|form-data)\//,
  ],
  ['web framework', /node_modules\//],
  ['the bench', /test\/bench\//],
  [PROFILER, /^node:inspector/],
  ['crypto of Node', /^node:internal\/crypto/],
  ['Node', /^node:/],
];

/**
 * Time in functions themselves. What is native counts for the group of whoever called it.
 *
 * @param {Profile} profile
 * @param {number} requests by which all is divided
 * @returns {SelfTimes}
 */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }, requests) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  /** @type {Record<string, number>} */
  const groups = {};
  /** @type {Map<string, number>} */
  const functions = new Map();
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)') {
      continue;
    }
    const group = groupOf(id, byId, parents);
    if (group === PROFILER) {
      continue;
    }
    const us = (timeDeltas[index] ?? 0) / requests;
    groups[group] = (groups[group] ?? 0) + us;
    const name = nameOf(frame);
    functions.set(name, (functions.get(name) ?? 0) + us);
  }
  return {
    groups,
    functions: [...functions]
      .map(([name, us]) => ({ name, us }))
      .sort((one, other) => other.us - one.us)
      .slice(0, 60),
  };
}

/**
 * @param {number} id
 * @param {ReadonlyMap<number, Node>} byId
 * @param {ReadonlyMap<number, number>} parents
 * @returns {string}
 */
function groupOf(id, byId, parents) {
  for (let at = /** @type {number | undefined} */ (id); at !== undefined; at = parents.get(at)) {
    const { functionName = '', url = '' } = byId.get(at)?.callFrame ?? {};
    if (functionName === '(garbage collector)') {
      return 'garbage collection';
    }
    const [group] = GROUPS.find(([, pattern]) => pattern.test(url)) ?? [];
    if (group !== undefined) {
      return group;
    }
  }
  return 'the engine';
}

/** @param {Frame} frame */
function nameOf({ functionName, url, lineNumber }) {
  const file = url.replace(/^.*\/(node_modules|dist\/esm|test\/bench)\//, '');
  const name = functionName || '(anonymous)';
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}
