import type { EmulatorActions } from './emulator-actions.js';
import type { EmulatorClock } from './emulator-clock.js';
import type { EmulatorUsers } from './emulator-users.js';
import type { EmulatorFaults } from './faults.js';
import type { EmulatorInbox } from './inbox.js';
import type { EmulatorRequests } from './request-log.js';
import type { EmulatorSwitches } from './switches.js';

/** A running stand-in for one Authsignal tenant. */
export interface Emulator {
  /** For the SDKs: ends in `/v1`. */
  readonly apiUrl: string;
  /** Without a trailing slash. */
  readonly url: string;
  /** The page that shows what happens, for a person; undefined if it is switched off. */
  readonly windowUrl: string | undefined;
  readonly secret: string;
  readonly tenantId: string;
  readonly inbox: EmulatorInbox;
  readonly actions: EmulatorActions;
  readonly users: EmulatorUsers;
  readonly faults: EmulatorFaults;
  readonly requests: EmulatorRequests;
  readonly clock: EmulatorClock;
  /** May be changed while it runs. */
  readonly switches: EmulatorSwitches;
  /**
   * Ends listening, cuts every connection, and writes the state down. Calling it again does no harm.
   * @throws EmulatorError `data_file_unwritable` if the last changes could not be written.
   */
  stop(): Promise<void>;
}
