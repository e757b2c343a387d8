import { goalsOf, goalsTable } from './goals.mjs';
import { bodiesTable, concurrencyTable, instancesTable, routesTable } from './growth-tables.mjs';
import { pictures } from './pictures.mjs';
import { functionsTable, profileTable } from './profile-table.mjs';
import { browserTable, firstRequestsTable, importsTable } from './start-tables.mjs';
import { callsTable, memoryTable, stepsTable } from './steps-tables.mjs';
import { table } from './table.mjs';
import { costTable, openTable, throughputTable } from './throughput-tables.mjs';

/** @typedef {import('../results.mjs').Results} Results */

/**
 * Every table that the results allow, by the name of its place in the page.
 *
 * @param {Results} results
 * @returns {Record<string, string>}
 */
export function partsOf(results) {
  const { throughput, steps, growth, start, profile } = results;
  return {
    machine: machineTable(results),
    goals: goalsTable(goalsOf(results)),
    ...(throughput && {
      throughput: throughputTable(throughput.measured),
      cost: costTable(throughput.measured),
      open: openTable(throughput.measured),
    }),
    ...(steps && {
      steps: stepsTable(steps.measured),
      calls: callsTable(steps.measured),
      memory: memoryTable(steps.measured),
    }),
    ...(growth && {
      concurrency: concurrencyTable(growth.measured),
      bodies: bodiesTable(growth.measured),
      routes: routesTable(growth.measured),
      instances: instancesTable(growth.measured),
      'concurrency-pictures': linksTo(results, 'concurrency'),
      'bodies-pictures': linksTo(results, 'bodies'),
      'routes-pictures': linksTo(results, 'routes'),
    }),
    ...(start && {
      imports: importsTable(start.measured),
      'first-requests': firstRequestsTable(start.measured),
      browser: browserTable(start.measured),
    }),
    ...(profile && {
      profile: profileTable(profile.measured),
      functions: functionsTable(profile.measured),
    }),
  };
}

/** @param {Results} results @returns {Record<string, string>} SVG by file name */
export function picturesOf({ growth }) {
  return growth === undefined ? {} : pictures(growth.measured);
}

/** @param {Results} results @param {string} subject */
const linksTo = (results, subject) =>
  Object.entries(picturesOf(results))
    .filter(([file]) => file.startsWith(`performance-${subject}`))
    .map(([file, picture]) => `![${titleOf(picture)}](images/${file})`)
    .join('\n\n');

/** @param {string} picture */
const titleOf = (picture) => /<title>(.*)<\/title>/.exec(picture)?.[1] ?? '';

/** Where and when each section was measured. @param {Results} results */
function machineTable(results) {
  const columns = [
    'Section',
    'date',
    'commit',
    'processor',
    'cores',
    'Node',
    'pinned',
    'load before',
  ];
  const rows = Object.entries(results).map(([section, { at, machine }]) => [
    section,
    at.slice(0, 16).replace('T', ' '),
    machine.commit,
    machine.processor,
    String(machine.cores),
    machine.node,
    machine.pinned ? 'yes' : 'no',
    machine.load.toFixed(2),
  ]);
  return table(columns, rows);
}
