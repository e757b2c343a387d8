import type { BankDatabase } from './bank-database.js';
import { fingerprint, newSecret } from './secret.js';

/** Eight hours. */
export const SESSION_MS = 8 * 60 * 60 * 1000;

export interface Session {
  /** Stays the same until the user signs in again; not what is in the cookie. */
  readonly id: string;
  readonly userId: string;
}

export class Sessions {
  readonly #database: BankDatabase;
  readonly #now: () => number;

  constructor(database: BankDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * @param replaced the cookie that the browser has had, whose session ends
   * @returns the cookie.
   */
  open(userId: string, replaced?: string): string {
    const cookie = newSecret();
    if (replaced !== undefined) {
      this.close(replaced);
    }
    this.#database.prepare('DELETE FROM sessions WHERE expires_at <= ?').run(this.#now());
    this.#database
      .prepare('INSERT INTO sessions VALUES (?, ?, ?)')
      .run(fingerprint(cookie), userId, this.#now() + SESSION_MS);
    return cookie;
  }

  close(cookie: string): void {
    this.#database.prepare('DELETE FROM sessions WHERE id = ?').run(fingerprint(cookie));
  }

  find(cookie: string): Session | undefined {
    const row = this.#database
      .prepare('SELECT id, user_id AS userId FROM sessions WHERE id = ? AND expires_at > ?')
      .get(fingerprint(cookie), this.#now());
    return row as Session | undefined;
  }
}
