import Database from 'libsql';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    phone_number TEXT UNIQUE CHECK (phone_number GLOB '+[1-9]*'),
    contact_number TEXT
  ) STRICT;

  CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users,
    expires_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS trusted_devices (
    user_id TEXT NOT NULL REFERENCES users,
    device_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, device_id)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS payments (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    payee TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    proof_id TEXT UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS notices (
    user_id TEXT NOT NULL REFERENCES users,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
`;

export type BankDatabase = InstanceType<typeof Database>;

/**
 * Times are Unix milliseconds, amounts minor units. `:memory:` for one that ends with the process.
 * @throws Error if the file cannot be used
 */
export function openDatabase(file: string): BankDatabase {
  try {
    const database = new Database(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;');
    database.exec(SCHEMA);
    return database;
  } catch (cause) {
    throw new Error(`The database file ${file} cannot be used.`, { cause });
  }
}
