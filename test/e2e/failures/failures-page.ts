import { CHALLENGE, CLAIM, ENROLL, VERIFY } from './flow-tables.js';
import { OUTCOMES, type Outcome } from './outcomes.js';
import { LIMIT_STORE, OPEN_CIRCUIT, REPLAY_STORE, RESTORE } from './store-tables.js';
import { TRACK, UPDATE_ACTION, VALIDATE } from './tables.js';

interface AnyTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** In the order of the page for readers. */
export const TABLES: readonly AnyTable[] = [
  TRACK,
  UPDATE_ACTION,
  VALIDATE,
  CHALLENGE,
  VERIFY,
  CLAIM,
  ENROLL,
  OPEN_CIRCUIT,
  REPLAY_STORE,
  RESTORE,
  LIMIT_STORE,
];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = `|${'---|'.repeat(head.length)}`;
  const filled = rows.map((row) => head.map((_column, index) => row[index] || '–'));
  return [line(head), rule, ...filled.map(line)].join('\n');
}

function wordsTable(): string {
  const outcomes: readonly (readonly [string, Outcome])[] = Object.entries(OUTCOMES);
  return markdown(
    ['word', 'status', '`code`', 'handler ran', ''],
    outcomes.map(([name, { status, code, ran, meaning }]) => [
      `**${name}**`,
      status.join(' or '),
      code === undefined ? '' : `[\`${code}\`](errors.md#${code})`,
      ran ? 'yes' : 'no',
      meaning,
    ]),
  );
}

/** Every table of docs/failures.md: what the words mean, then one for each call and store. */
export function tablesOfPage(): readonly string[] {
  return [
    wordsTable(),
    ...TABLES.map(({ title, columns, rows }) => markdown([title, ...columns], rows)),
  ];
}
