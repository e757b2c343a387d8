import { openDatabase } from './bank-database.js';
import { DEMO_USERS } from './demo-users.js';
import { Devices } from './devices.js';
import { Notices } from './notices.js';
import { Payments } from './payments.js';
import { PhoneNumbers } from './phone-numbers.js';
import { Sessions } from './sessions.js';
import { Users } from './users.js';

/** All that the bank knows. Nothing in this folder has heard of a web framework. */
export interface Bank {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly devices: Devices;
  readonly payments: Payments;
  readonly phoneNumbers: PhoneNumbers;
  readonly notices: Notices;
  close(): void;
}

/** Opens the database and sees to it that the demo users are in it. */
export async function openBank(databaseFile: string, now: () => number = Date.now): Promise<Bank> {
  const database = openDatabase(databaseFile);
  const users = new Users(database);
  const notices = new Notices(database, now);
  await Promise.all(DEMO_USERS.map((user) => users.add(user)));
  return {
    users,
    sessions: new Sessions(database, now),
    devices: new Devices(database, now),
    payments: new Payments(database, now),
    phoneNumbers: new PhoneNumbers(database, notices),
    notices,
    close: () => void database.close(),
  };
}
