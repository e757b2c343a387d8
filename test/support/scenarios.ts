import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, type EmulatorOptions, startEmulator } from 'authsignal-guard/emulator';
import { Customer } from './customer.js';
import { type Host, PLATFORMS, type Platform, type Town } from './host.js';
import { Hosts, type Plan } from './hosts.js';
import { Ledger } from './ledger.js';

/** One story, told to the same bank on every platform. */
export interface Scenario {
  readonly name: string;
  readonly bank: Plan;
  readonly customer?: { readonly id?: string; readonly enrolled?: boolean };
  readonly play: (customer: Customer) => Promise<void>;
}

/** A table: `scenario(name, play)` on one bank. */
export function storiesOf(bank: Plan) {
  return (name: string, play: Scenario['play'], customer: Scenario['customer'] = {}): Scenario => ({
    name,
    bank,
    play,
    customer,
  });
}

/**
 * Plays each scenario on each platform, one after the other because some move the clock or break
 * Authsignal, and compares the answers byte for byte.
 */
export function playScenarios(
  title: string,
  scenarios: readonly Scenario[],
  { platforms = PLATFORMS, town }: { platforms?: readonly Platform[]; town: () => Town },
): void {
  describe(title, () => {
    let hosts: Hosts;
    beforeAll(() => {
      hosts = new Hosts(town());
    });
    afterAll(() => hosts.close());

    it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      async (_name, scenario) => {
        const transcripts: (readonly [Platform, unknown])[] = [];
        for (const platform of platforms) {
          const host = await hosts.of(scenario.bank, platform);
          transcripts.push([platform, await playOn(host, town(), scenario)]);
        }
        const [first, ...others] = transcripts;
        for (const [platform, lines] of others) {
          expect({ platform, lines }).toEqual({ platform, lines: first?.[1] });
        }
      },
      120_000,
    );
  });
}

async function playOn(host: Host, town: Town, scenario: Scenario): Promise<unknown> {
  const customer = new Customer(host, town, scenario.customer);
  try {
    await scenario.play(customer);
  } catch (error) {
    if (error instanceof Error) {
      error.message = `On ${host.platform}: ${error.message}\n${JSON.stringify(customer.transcript.lines, undefined, 1)}`;
    }
    throw error;
  } finally {
    town.emulator.faults.clear();
  }
  return customer.transcript.lines;
}

/** One emulator and one ledger for a suite; the last test says that nothing has leaked. */
export function foundTown(options: EmulatorOptions = {}): () => Town {
  const ledger = new Ledger();
  let emulator: Emulator | undefined;
  let release: () => void = () => undefined;
  beforeAll(async () => {
    release = ledger.capture();
    emulator = await startEmulator({ secret: API_SECRET, ...options });
    ledger.secret(API_SECRET);
  });
  afterAll(async () => {
    release();
    await emulator?.stop();
  });
  return () => {
    if (emulator === undefined) {
      throw new Error('The emulator starts in beforeAll.');
    }
    return { emulator, ledger };
  };
}

const API_SECRET = 'a-tenant-secret-that-nobody-may-see';
