import Database from 'libsql';

/** The handler's own work, the same in both frameworks: it books each run, and may be held up in the middle. */
export class Payments {
  #database;
  #instance;
  #held = new Map();

  constructor({ database, name }) {
    this.#instance = name;
    this.#database = new Database(database);
    this.#database.exec('PRAGMA busy_timeout = 20000');
    process.on('message', ({ release }) => this.#held.get(release)?.());
  }

  /** Nothing in the table is unique: a second run would be booked like the first. */
  async create({ subject, proofId }, { hold }) {
    this.#database
      .prepare('INSERT INTO runs (subject, proof_id, instance) VALUES (?, ?, ?)')
      .run(subject, proofId, this.#instance);
    process.send({ running: subject });
    if (hold === true) {
      await new Promise((resolve) => this.#held.set(subject, resolve));
    }
    return { paid: true, instance: this.#instance };
  }

  close() {
    this.#database.close();
  }
}
