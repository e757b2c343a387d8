/**
 * A table in Markdown that reads well as plain text, too: columns aligned, figures to the right.
 *
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows the first cell of each is its name
 * @returns {string}
 */
export function table(columns, rows) {
  const widths = columns.map((column, index) =>
    Math.max(3, ...[column, ...rows.map((row) => row[index] ?? '')].map((cell) => cell.length)),
  );
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${widths.map((width, index) => aligned(cells[index] ?? '', width, index)).join(' | ')} |`;
  const rule = widths.map((width, index) =>
    index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(columns), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** @param {string} cell @param {number} width @param {number} index */
const aligned = (cell, width, index) => (index === 0 ? cell.padEnd(width) : cell.padStart(width));
