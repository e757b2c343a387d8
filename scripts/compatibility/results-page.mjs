import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = 'docs/compatibility.md';
const BEGIN = '<!-- results: written by `npm run compatibility` -->';
const END = '<!-- end of results -->';
const HEAD = '| project | Node | with | tried | result |\n|---|---|---|---|---|';

/** Puts a result into the page. What was tried before, of other projects or with another Node, stays. */
export function keepResult(result) {
  const page = readFileSync(PAGE, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`${PAGE} has lost the comments around its results.`);
  }
  const rows = new Map();
  for (const known of page.slice(begin, end).split('\n')) {
    if (known.startsWith('| ') && !HEAD.startsWith(known)) {
      rows.set(keyOf(known), known);
    }
  }
  const row = rowOf(result);
  rows.set(keyOf(row), row);
  const table = [BEGIN, HEAD, ...[...rows.values()].sort(), ''].join('\n');
  writeFileSync(PAGE, page.slice(0, begin) + table + page.slice(end));
}

/** The project and the major version of Node. */
function keyOf(row) {
  const [, project, node] = row.split('|');
  return `${project}${node.split('.')[0]}`;
}

function rowOf({ title, versions, failures }) {
  const date = new Date().toISOString().slice(0, 10);
  const result = failures.length === 0 ? 'passed' : `**failed**: ${failures.join('; ')}`;
  return `| ${title} | ${process.versions.node} | ${versions.join(', ')} | ${date} | ${result} |`;
}
