import type { Bank } from './bank.js';
import { expressBank } from './express-host.js';
import type { Host, Platform, Town } from './host.js';
import { nestBank } from './nest-host.js';

/** An application that exists on some platforms only, and is written out. */
export interface Building {
  readonly start: (platform: Platform, town: Town) => Promise<Host>;
}

export type Plan = Bank | Building;

/** The hosts of one suite: each plan is built once for each platform, at its first use. */
export class Hosts {
  readonly #town: Town;
  readonly #started = new Map<Plan, Map<Platform, Promise<Host>>>();

  constructor(town: Town) {
    this.#town = town;
  }

  of(bank: Plan, platform: Platform): Promise<Host> {
    const hosts = this.#started.get(bank) ?? new Map<Platform, Promise<Host>>();
    this.#started.set(bank, hosts);
    const host = hosts.get(platform) ?? this.#start(bank, platform);
    hosts.set(platform, host);
    return host;
  }

  async close(): Promise<void> {
    const all = [...this.#started.values()].flatMap((hosts) => [...hosts.values()]);
    const settled = await Promise.allSettled(all);
    await Promise.all(
      settled.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)),
    );
  }

  #start(bank: Plan, platform: Platform): Promise<Host> {
    if ('start' in bank) {
      return bank.start(platform, this.#town);
    }
    return platform.startsWith('nest')
      ? nestBank(platform, this.#town, bank)
      : expressBank(platform, this.#town, bank);
  }
}
