import { type BankDatabase, openDatabase } from '../bank/bank-database.js';

/** What a user was told by letter. */
export interface LetterEntry {
  readonly username: string;
  readonly text: string;
}

export interface LedgerEntry {
  readonly payment: string;
  readonly times: number;
}

/** Payments and letters as they lie in the bank's file, over a connection of its own. */
export class Ledger {
  readonly #database: BankDatabase;

  constructor(file: string) {
    this.#database = openDatabase(file);
  }

  /** Equal payments of one user are one entry. */
  entries(): readonly LedgerEntry[] {
    return this.#database
      .prepare(
        `SELECT format('%s: %s %d.%02d to %s, approved by %s', username,
                       currency, amount / 100, amount % 100, payee, approved_by) AS payment,
                count(*) AS times
         FROM payments JOIN users ON users.id = user_id
         GROUP BY payment ORDER BY min(payments.rowid)`,
      )
      .all()
      .map((row) => {
        const { payment, times } = row as LedgerEntry;
        return { payment, times };
      });
  }

  /** Oldest first. */
  letters(): readonly LetterEntry[] {
    return this.#database
      .prepare(
        `SELECT username, text FROM notices JOIN users ON users.id = user_id
         ORDER BY notices.rowid`,
      )
      .all()
      .map((row) => {
        const { username, text } = row as LetterEntry;
        return { username, text };
      });
  }

  close(): void {
    this.#database.close();
  }
}
