import type { Server } from 'node:http';
import { DataFile, readDataFile } from './data-file.js';
import type { Emulator } from './emulator.js';
import { createEmulatorActions } from './emulator-actions.js';
import { createEmulatorClock, type MovableClock } from './emulator-clock.js';
import { EmulatorError } from './emulator-error.js';
import {
  type EmulatorOptions,
  type ResolvedEmulatorOptions,
  resolveOptions,
} from './emulator-options.js';
import { createEmulatorUsers } from './emulator-users.js';
import { Faults } from './faults.js';
import { Inbox } from './inbox.js';
import { listen, stopListening, urlOf } from './listen.js';
import { RateLimits } from './rate-limits.js';
import { RequestLog } from './request-log.js';
import { createEmulatorServer } from './server.js';
import { EmulatorState } from './state.js';
import { parse, serialise } from './stored-state.js';
import { noticed } from './switches.js';
import type { Tenant } from './tenant.js';
import { Tokens } from './tokens.js';
import { Changes } from './window/changes.js';
import type { ControlRoom } from './window/control-room.js';

/**
 * Starts a stand-in for Authsignal that the official SDKs work against. It is a tool for
 * development and tests, no production service.
 * @throws EmulatorError `option_invalid`, `port_in_use`, `cannot_listen`, `data_file_unreadable`,
 * `data_file_invalid` or `data_file_unwritable`; nothing is left listening then.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const resolved = resolveOptions(options);
  const state = new EmulatorState();
  const settled = await keep(state, options.dataFile);
  const changes = new Changes();
  state.onChange(changes.happened);
  let url = '';
  let port = 0;
  const clock = createEmulatorClock(options.clock, changes.happened);
  const tenant = createTenant({ resolved, options, state, clock, changes, url: () => url });
  const room = createRoom(tenant, resolved, clock, changes, () => port);
  const { faults, requests } = room;
  const isStopped = () => !server.listening;
  const server = createEmulatorServer({ tenant, faults, requests, room, settled, isStopped });
  port = await listen(server, resolved.host, resolved.port);
  url = urlOf(resolved.host, port);
  return {
    apiUrl: `${url}/v1`,
    url,
    windowUrl: room.isOpen ? `${url}/` : undefined,
    secret: tenant.secret,
    tenantId: tenant.tenantId,
    inbox: tenant.inbox,
    actions: createEmulatorActions(tenant, changes.happened),
    users: createEmulatorUsers(tenant),
    faults,
    requests,
    clock: tenant.clock,
    switches: tenant.switches,
    stop: () => stop(server, settled),
  };
}

function createRoom(
  tenant: Tenant,
  resolved: ResolvedEmulatorOptions,
  clock: MovableClock,
  changes: Changes,
  port: () => number,
): ControlRoom {
  return {
    tenant,
    clock,
    changes,
    port,
    faults: new Faults(changes.happened),
    requests: new RequestLog(changes.happened),
    isOpen: resolved.window,
    host: resolved.host,
  };
}

interface TenantParts {
  readonly resolved: ResolvedEmulatorOptions;
  readonly options: EmulatorOptions;
  readonly state: EmulatorState;
  readonly clock: MovableClock;
  readonly changes: Changes;
  readonly url: () => string;
}

async function stop(server: Server, settled: () => Promise<void>): Promise<void> {
  await stopListening(server);
  await settled();
}

function createTenant(parts: TenantParts): Tenant {
  const { resolved, options, state, clock, changes, url } = parts;
  const { secret, tenantId, actions, methods, limits } = resolved;
  const lifetimeMs = limits.tokenLifetimeMs;
  return {
    tenantId,
    secret,
    url,
    clock,
    state,
    actions,
    tokens: new Tokens({ secret, tenantId, clock, lifetimeMs }),
    inbox: new Inbox(state, options.onMessage),
    rateLimits: new RateLimits(state, clock),
    limits,
    switches: noticed(resolved.switches, changes.happened),
    hasWindow: resolved.window,
    methods,
  };
}

/** Fills the state from its file, and answers how to wait until all changes are in it. */
async function keep(state: EmulatorState, path: string | undefined): Promise<() => Promise<void>> {
  if (path === undefined) return () => Promise.resolve();
  const text = await readDataFile(path);
  if (text !== undefined) {
    const parsed = parse(text);
    if ('problem' in parsed) {
      throw new EmulatorError(
        'data_file_invalid',
        `The data file ${path} cannot be used: ${parsed.problem}; move it away to start afresh.`,
      );
    }
    state.restore(parsed.state);
  }
  const file = new DataFile(path, () => serialise(state.stored()));
  state.onChange(() => file.changed());
  // Written at once, so that a folder that is missing or closed is known at the start.
  file.changed();
  await file.settled();
  return () => file.settled();
}
