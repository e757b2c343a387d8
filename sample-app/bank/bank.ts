import { openDatabase } from './bank-database.js';
import { DEMO_USERS } from './demo-users.js';
import { Devices } from './devices.js';
import { Payments } from './payments.js';
import { Sessions } from './sessions.js';
import { Users } from './users.js';

/** All that the bank knows. Nothing in this folder has heard of a web framework. */
export interface Bank {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly devices: Devices;
  readonly payments: Payments;
  close(): void;
}

/** Opens the database and sees to it that the demo users are in it. */
export async function openBank(databaseFile: string, now: () => number = Date.now): Promise<Bank> {
  const database = openDatabase(databaseFile);
  const users = new Users(database);
  await Promise.all(DEMO_USERS.map((user) => users.add(user)));
  return {
    users,
    sessions: new Sessions(database, now),
    devices: new Devices(database, now),
    payments: new Payments(database, now),
    close: () => void database.close(),
  };
}
