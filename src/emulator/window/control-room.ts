import type { MovableClock } from '../emulator-clock.js';
import type { Faults } from '../faults.js';
import type { RequestLog } from '../request-log.js';
import type { Tenant } from '../tenant.js';
import type { Changes } from './changes.js';

/** All that the window looks at and works on. */
export interface ControlRoom {
  readonly tenant: Tenant;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: MovableClock;
  readonly changes: Changes;
  /** Whether anybody is answered at all. */
  readonly isOpen: boolean;
  /** What the emulator was told to listen on. */
  readonly host: string;
  /** What it listens on. Known once it does. */
  readonly port: () => number;
}

/** A request of the window's page that was let in. */
export interface WindowCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}
