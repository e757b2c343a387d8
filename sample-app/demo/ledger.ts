import { type BankDatabase, openDatabase } from '../bank/bank-database.js';

export interface LedgerEntry {
  readonly payment: string;
  readonly times: number;
}

/** The payments as they lie in the bank's file, over a connection of its own. */
export class Ledger {
  readonly #database: BankDatabase;

  constructor(file: string) {
    this.#database = openDatabase(file);
  }

  /** Equal payments of one user are one entry. */
  entries(): readonly LedgerEntry[] {
    return this.#database
      .prepare(
        `SELECT format('%s %d.%02d to %s, approved by %s',
                       currency, amount / 100, amount % 100, payee, approved_by) AS payment,
                count(*) AS times
         FROM payments GROUP BY user_id, payment ORDER BY min(rowid)`,
      )
      .all()
      .map((row) => {
        const { payment, times } = row as LedgerEntry;
        return { payment, times };
      });
  }

  close(): void {
    this.#database.close();
  }
}
