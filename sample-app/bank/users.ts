import type { BankDatabase } from './bank-database.js';
import type { Credentials } from './credentials.js';
import { hashPassword, isPassword } from './password.js';
import { newSecret } from './secret.js';

export interface User {
  /** What Authsignal knows the user by. */
  readonly id: string;
  readonly username: string;
  /** E.164, proven by a code or at a branch; the one to sign in by. */
  readonly phoneNumber: string | undefined;
  /** E.164, as somebody told the bank. It proves nothing, and opens nothing. */
  readonly contactNumber: string | undefined;
}

export interface NewUser extends User {
  readonly password: string;
}

interface UserRow {
  readonly id: string;
  readonly username: string;
  /** `null`: signs in by number alone. */
  readonly password_hash: string | null;
  readonly phone_number: string | null;
  readonly contact_number: string | null;
}

export class Users {
  readonly #database: BankDatabase;
  /** The hash of a password that nobody knows. */
  readonly #decoy = hashPassword(newSecret());

  constructor(database: BankDatabase) {
    this.#database = database;
  }

  /** A user who is there already stays as is. */
  async add({ id, username, password, phoneNumber, contactNumber }: NewUser): Promise<void> {
    if (this.find(id) === undefined) {
      this.#database
        .prepare(
          `INSERT OR IGNORE INTO users
           VALUES (@id, @username, @hash, @phoneNumber, @contactNumber)`,
        )
        .run({
          id,
          username,
          hash: await hashPassword(password),
          phoneNumber: phoneNumber ?? null,
          contactNumber: contactNumber ?? null,
        });
    }
  }

  find(id: string): User | undefined {
    const row = this.#database.prepare('SELECT * FROM users WHERE id = ?').get(id);
    return row === undefined ? undefined : userOf(row as UserRow);
  }

  /** An unknown username takes as long as a wrong password, so that neither the answer nor its time tells. */
  async authenticate({ username, password }: Credentials): Promise<User | undefined> {
    const row = this.#database.prepare('SELECT * FROM users WHERE username = ?').get(username) as
      | UserRow
      | undefined;
    const isRight = await isPassword(password, row?.password_hash ?? (await this.#decoy));
    return row !== undefined && isRight ? userOf(row) : undefined;
  }
}

function userOf({ id, username, phone_number, contact_number }: UserRow): User {
  return {
    id,
    username,
    phoneNumber: phone_number ?? undefined,
    contactNumber: contact_number ?? undefined,
  };
}
