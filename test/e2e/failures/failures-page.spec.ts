import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TABLES, tablesOfPage } from './failures-page.js';
import { FAULTS, faultOf } from './faults.js';
import { expectedIn } from './outcomes.js';

const page = readFileSync(join(import.meta.dirname, '../../../docs/failures.md'), 'utf8');

describe('docs/failures.md', () => {
  it('has the tables that the tests hold, and no others', () => {
    const tables = page
      .split(/\n(?!\|)/)
      .flatMap((part) => /^\|[\s\S]*/m.exec(part)?.[0].trim() ?? []);
    expect(tables).toEqual(tablesOfPage());
  });
});

describe('the tables', () => {
  const rows = TABLES.flatMap((table) => table.rows);
  it('have cells that all can be read', () => {
    const cells = rows.flatMap(([, ...rest]) => rest).filter((cell) => cell !== '');
    expect(cells.filter((cell) => expectedIn(cell as 'runs 1') === undefined)).toEqual([]);
  });

  it('leave out no fault of any call', () => {
    // Done after the deadline, a change of authenticators is seen or not seen yet: that is a race.
    const racing = ['does it after the deadline'];
    const calls = TABLES.slice(0, 7);
    for (const { title, rows: each } of calls) {
      const names = each.map(([name]) => name);
      const missing = Object.keys(FAULTS).filter((name) => !names.includes(name));
      const isNumber = title.includes('verify') || title.includes('enroll');
      expect({ title, missing }).toEqual({ title, missing: isNumber ? racing : [] });
      expect(() => names.map((name) => faultOf(name ?? ''))).not.toThrow();
    }
  });
});
