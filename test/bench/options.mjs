import { parseArgs } from 'node:util';

/** @typedef {import('./apps/main.mjs').Platform} Platform */
/** @typedef {'throughput' | 'steps' | 'growth' | 'start' | 'profile'} Section */

/**
 * @typedef {object} Options
 * @property {readonly Section[]} sections
 * @property {readonly Platform[]} platforms
 * @property {number} rounds
 * @property {number} seconds of one run of the load
 * @property {number} connections
 * @property {boolean} quick small sizes: shows whether the bench works, and measures nothing
 * @property {string} json where results are kept; sections that are not run stay as they are
 * @property {boolean} writes the page
 * @property {boolean} runs or takes the results of an earlier run
 */

/** @type {readonly Section[]} */
const SECTIONS = ['throughput', 'steps', 'growth', 'start', 'profile'];
/** @type {readonly Platform[]} */
const PLATFORMS = ['express', 'nest-express', 'nest-fastify'];

export const HELP = `npm run bench -- [options]

  --only SECTION       ${SECTIONS.join(', ')}; may be repeated. Default: all
  --platform NAME      ${PLATFORMS.join(', ')}; may be repeated. Default: all
  --rounds N           default 5
  --seconds N          of one run of the load, default 3
  --connections N      default 50
  --quick              one round, one second, small sizes: only shows whether the bench works
  --json FILE          where results go, default reports/bench.json. Sections that are not run keep
                       what the file has of them
  --write              writes the tables and pictures of docs/performance.md
  --from FILE          runs nothing: prints, and with --write writes, what an earlier run measured
`;

/**
 * @param {readonly string[]} args
 * @returns {Options | undefined} nothing where help is asked for
 * @throws with what is wrong
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      platform: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  const { quick } = values;
  return {
    sections: chosen('--only', values.only, SECTIONS),
    platforms: chosen('--platform', values.platform, PLATFORMS),
    rounds: wholeNumber('--rounds', values.rounds, quick ? 1 : 5),
    seconds: wholeNumber('--seconds', values.seconds, quick ? 1 : 3),
    connections: wholeNumber('--connections', values.connections, 50),
    quick,
    json: values.from ?? values.json ?? 'reports/bench.json',
    writes: values.write,
    runs: values.from === undefined,
  };
}

/**
 * @template {string} Name
 * @param {string} option
 * @param {readonly string[] | undefined} given
 * @param {readonly Name[]} known
 * @returns {readonly Name[]}
 */
function chosen(option, given, known) {
  const names = (given ?? []).flatMap((text) => text.split(','));
  const unknown = names.find((name) => !known.some((each) => each === name));
  if (unknown !== undefined) {
    throw new Error(`${option}: there is no ${unknown}. There are ${known.join(', ')}.`);
  }
  return names.length === 0 ? known : known.filter((name) => names.includes(name));
}

/**
 * @param {string} option
 * @param {string | undefined} given
 * @param {number} byDefault
 */
function wholeNumber(option, given, byDefault) {
  const value = given === undefined ? byDefault : Number(given);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(`${option} must be a whole number above 0.`);
  }
  return value;
}
