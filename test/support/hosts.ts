import type { Bank } from './bank.js';
import { expressBank } from './express-host.js';
import type { Host, Platform, Town } from './host.js';
import { nestBank } from './nest-host.js';

/** The hosts of one suite: each bank is built once for each platform, at its first use. */
export class Hosts {
  readonly #town: Town;
  readonly #started = new Map<Bank, Map<Platform, Promise<Host>>>();

  constructor(town: Town) {
    this.#town = town;
  }

  of(bank: Bank, platform: Platform): Promise<Host> {
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

  #start(bank: Bank, platform: Platform): Promise<Host> {
    return platform.startsWith('nest')
      ? nestBank(platform, this.#town, bank)
      : expressBank(platform, this.#town, bank);
  }
}
