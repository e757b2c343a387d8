import type { BankDatabase } from './bank-database.js';

export interface Notice {
  readonly text: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/**
 * What goes to a user by letter or e-mail, so that it also arrives where somebody else is signed
 * in, or holds the phone.
 */
export class Notices {
  readonly #database: BankDatabase;
  readonly #now: () => number;

  constructor(database: BankDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  add(userId: string, text: string): void {
    this.#database.prepare('INSERT INTO notices VALUES (?, ?, ?)').run(userId, text, this.#now());
  }

  /** Oldest first. */
  of(userId: string): readonly Notice[] {
    return this.#database
      .prepare('SELECT text, created_at AS createdAt FROM notices WHERE user_id = ? ORDER BY rowid')
      .all(userId)
      .map((row) => {
        const { text, createdAt } = row as { readonly text: string; readonly createdAt: number };
        return { text, createdAt: new Date(createdAt).toISOString() };
      });
  }
}
