import type { BankDatabase } from './bank-database.js';

/** 90 days. */
export const TRUST_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * The browsers on which a user has passed a challenge. The bank keeps them itself, because a
 * device that was merely seen is not one to trust: whoever tries twice has been seen.
 */
export class Devices {
  readonly #database: BankDatabase;
  readonly #now: () => number;

  constructor(database: BankDatabase, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  trust(userId: string, deviceId: string): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO trusted_devices VALUES (?, ?, ?)')
      .run(userId, deviceId, this.#now() + TRUST_MS);
  }

  isTrusted(userId: string, deviceId: string): boolean {
    const row = this.#database
      .prepare(
        'SELECT 1 FROM trusted_devices WHERE user_id = ? AND device_id = ? AND expires_at > ?',
      )
      .get(userId, deviceId, this.#now());
    return row !== undefined;
  }
}
