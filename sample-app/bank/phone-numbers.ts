import { randomUUID } from 'node:crypto';
import type { BankDatabase } from './bank-database.js';
import { maskedNumber } from './masked-number.js';
import type { Notices } from './notices.js';

interface IdRow {
  readonly id: string;
}

/**
 * Who has which number. A number is somebody's once it was proven, and of one user at a time;
 * what the bank was merely told (`contactNumber`) is never looked up.
 */
export class PhoneNumbers {
  readonly #database: BankDatabase;
  readonly #notices: Notices;

  constructor(database: BankDatabase, notices: Notices) {
    this.#database = database;
    this.#notices = notices;
  }

  /**
   * @param phoneNumber E.164, proven a moment ago.
   * @returns the id of the user who has it; of a new one if nobody has.
   */
  findOrOpenAccount(phoneNumber: string): string {
    const id = `user-${randomUUID()}`;
    const username = `customer-${randomUUID().slice(0, 8)}`;
    // Two sign-ins by one new number end in one account: the second finds the first's.
    this.#database
      .prepare(
        `INSERT INTO users (id, username, phone_number) VALUES (?, ?, ?)
         ON CONFLICT (phone_number) DO NOTHING`,
      )
      .run(id, username, phoneNumber);
    return this.#holderOf(phoneNumber) ?? id;
  }

  isOf(userId: string, phoneNumber: string): boolean {
    return this.#holderOf(phoneNumber) === userId;
  }

  /**
   * The latest proof counts. Numbers are given to somebody else after a while, and whoever had
   * this one must not be signed in to by its new holder.
   */
  moveTo(userId: string, phoneNumber: string): void {
    this.#database.transaction(() => {
      const holder = this.#holderOf(phoneNumber);
      if (holder !== undefined && holder !== userId) {
        this.#setNumber(holder, null);
        this.#notices.add(holder, `${maskedNumber(phoneNumber)} is somebody else's number now.`);
      }
      this.#setNumber(userId, phoneNumber);
      this.tell(userId, phoneNumber);
    })();
  }

  /** Tells a user where codes go, on a channel that is not this number. */
  tell(userId: string, phoneNumber: string): void {
    const number = maskedNumber(phoneNumber);
    this.#notices.add(userId, `Codes now go to ${number}. Was that not you? Call us.`);
  }

  #holderOf(phoneNumber: string): string | undefined {
    const row = this.#database
      .prepare('SELECT id FROM users WHERE phone_number = ?')
      .get(phoneNumber);
    return row === undefined ? undefined : (row as IdRow).id;
  }

  #setNumber(userId: string, phoneNumber: string | null): void {
    this.#database
      .prepare('UPDATE users SET phone_number = ? WHERE id = ?')
      .run(phoneNumber, userId);
  }
}
