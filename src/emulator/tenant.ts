import type { ActionBook } from './action-settings.js';
import type { EmulatorClock } from './emulator-clock.js';
import type { Inbox } from './inbox.js';
import type { EmulatorLimits } from './limits.js';
import type { RateLimits } from './rate-limits.js';
import type { EmulatorState } from './state.js';
import type { EmulatorSwitches } from './switches.js';
import type { Tokens } from './tokens.js';
import type { EmulatedVerificationMethod } from './verification-method.js';

/** One Authsignal tenant: what every call works on. */
export interface Tenant {
  readonly tenantId: string;
  readonly secret: string;
  /** Where the pre-built UI would be, without a trailing slash. Known once the server listens. */
  readonly url: () => string;
  readonly clock: EmulatorClock;
  readonly state: EmulatorState;
  readonly actions: ActionBook;
  readonly tokens: Tokens;
  readonly inbox: Inbox;
  readonly rateLimits: RateLimits;
  readonly limits: EmulatorLimits;
  readonly switches: EmulatorSwitches;
  /** Whether people can see what was sent. */
  readonly hasWindow: boolean;
  /** The methods that the portal has switched on. */
  readonly methods: readonly EmulatedVerificationMethod[];
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
